"""Receives the bodies of requests: no longer than allowed, and only so much of all of them at once.

That a body comes in time is seen to where its bytes arrive, in `connection`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias

from inference.formats.table import RequestError
from inference.server.limits import Limits
from inference.server.turns import BusyError

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]

_MOST_DISCARDED = 64 << 20


class GoneError(Exception):
    """The client went away."""


class Bodies:
    """Receives bodies and counts what is held of those that come in parts."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._held = 0

    async def receive(self, receive: Receive, length: int) -> tuple[bytes, int]:
        """Return a request's body and what to `release` once it is answered; `length` is what its head says.

        Raises RequestError, 413, before anything is read of a body that says it is too long and as soon as another
        one is; BusyError; GoneError.
        """
        if length > self._limits.body:
            raise self._too_long()
        message = await _next(receive)
        body: bytes = message.get("body", b"")
        if not message.get("more_body") and len(body) <= self._limits.small:
            return body, 0
        return await self._rest(receive, message)

    def release(self, held: int) -> None:
        """Forget a body."""
        self._held -= held

    async def _rest(self, receive: Receive, message: Message) -> tuple[bytes, int]:
        parts: list[bytes] = []
        size = 0
        try:
            while True:
                part: bytes = message.get("body", b"")
                parts.append(part)
                size += len(part)
                self._held += len(part)
                if size > self._limits.body:
                    raise self._too_long()
                if self._held > self._limits.held and size > self._limits.small:
                    raise BusyError
                if not message.get("more_body"):
                    return b"".join(parts), size
                message = await _next(receive)
        except BaseException:
            self._held -= size
            raise

    def _too_long(self) -> RequestError:
        most = self._limits.body
        return RequestError(f"the body is longer than {most >> 20} MiB ({most} bytes); send fewer rows.", 413)


async def discard(receive: Receive) -> None:
    """Read and forget what still comes of a body: a client that is cut off while it writes would not see the answer."""
    size = 0
    while size < _MOST_DISCARDED:
        message = await receive()
        size += len(message.get("body", b""))
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            return


async def _next(receive: Receive) -> Message:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise GoneError
    return message
