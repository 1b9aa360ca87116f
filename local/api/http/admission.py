"""How many requests to endpoints are taken at once: what comes beyond that is refused early, not left to wait."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from local.api.errors import ServiceError

INVOKING_THREADS = 16
MOST_REQUESTS = 128
RETRY_SECONDS = 1


class Admission:
    """Counts the requests that are being answered or wait for it. Used by the event loop alone."""

    def __init__(self, most: int = MOST_REQUESTS) -> None:
        self._most = most
        self._inside = 0

    def check(self) -> None:
        """Raise ServiceUnavailable where there is no room, before anything of a body is read."""
        if self._inside >= self._most:
            message = f"{self._inside} requests are being answered, or wait. Try again in {RETRY_SECONDS} second."
            raise ServiceError("ServiceUnavailable", message, status=503)

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Count a request, whose body is there, until it is answered; ServiceUnavailable where there is no room."""
        self.check()
        self._inside += 1
        try:
            yield
        finally:
            self._inside -= 1
