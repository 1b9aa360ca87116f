"""HTTP over a worker's Unix socket."""

from __future__ import annotations

import http.client
import socket
import time
from dataclasses import dataclass
from pathlib import Path

from local.hosting.attributes import HEADER


@dataclass(frozen=True)
class Request:
    """What a container is asked; `attributes` are InvokeEndpoint's CustomAttributes."""

    body: bytes
    content_type: str = ""
    accept: str = ""
    attributes: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """The headers that carry it; what is empty is not sent."""
        given = {"Content-Type": self.content_type, "Accept": self.accept, HEADER: self.attributes}
        return {name: value for name, value in given.items() if value}


@dataclass(frozen=True)
class Reply:
    """What a container answered, and how long it took."""

    status: int
    content_type: str
    body: bytes
    seconds: float = 0.0
    attributes: str = ""


def connected(path: Path, timeout: float | None) -> socket.socket:
    """Return a socket that is connected to a path; OSError where nobody listens there."""
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    made.settimeout(timeout)
    try:
        made.connect(str(path))
    except BaseException:
        made.close()
        raise
    return made


class UnixConnection(http.client.HTTPConnection):
    """A connection to a server behind a path."""

    def __init__(self, path: Path, timeout: float | None) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        """Connect to the socket's path."""
        self.sock = connected(self._path, self.timeout)

    def ask(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Reply:
        """Send a request and read the whole reply."""
        started = time.perf_counter()
        self.request(method, path, body, headers or {})
        response = self.getresponse()
        told, body = response.headers, response.read()
        seconds = time.perf_counter() - started
        return Reply(response.status, told.get("Content-Type", ""), body, seconds, told.get(HEADER, ""))
