"""HTTP over a worker's Unix socket."""

from __future__ import annotations

import http.client
import socket
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Reply:
    """What a container answered, and how long it took."""

    status: int
    content_type: str
    body: bytes
    seconds: float = 0.0


class UnixConnection(http.client.HTTPConnection):
    """A connection to a server behind a path."""

    def __init__(self, path: Path, timeout: float | None) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        """Connect to the socket's path."""
        made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        made.settimeout(self.timeout)
        try:
            made.connect(str(self._path))
        except BaseException:
            made.close()
            raise
        self.sock = made

    def ask(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Reply:
        """Send a request and read the whole reply."""
        started = time.perf_counter()
        self.request(method, path, body, headers or {})
        response = self.getresponse()
        content_type = response.headers.get("Content-Type", "")
        return Reply(response.status, content_type, response.read(), time.perf_counter() - started)
