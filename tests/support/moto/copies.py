"""Copies of the server as it stands: a test changes one, and the others' accounts stay as they are.

A copy is a fork of the process, so that it costs milliseconds whatever the account holds. Nobody may be asking the
server for anything meanwhile. Copies end with the first process.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

if TYPE_CHECKING:
    from werkzeug.serving import BaseWSGIServer

_COPY = "/copy-of-the-server"

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def copy_of(address: str) -> str:
    """Have a server copied, by its address; return the copy's."""
    with urlopen(address + _COPY, timeout=60) as answer:  # noqa: S310 - the loopback interface
        return str(answer.read().decode())


class Copying:
    """An application that answers one address itself: with the address of a copy.

    Args:
        open_: starts to listen anew, for an application.
    """

    def __init__(self, application: Application, open_: Callable[[Copying], BaseWSGIServer]) -> None:
        self._application, self._open = application, open_
        # The writing end is open as long as the first process lives.
        self._alive, living = os.pipe()
        self._living: int | None = living
        self._server = open_(self)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request."""
        if environ["PATH_INFO"] != _COPY:
            return self._application(environ, start_response)
        address = self._copy().encode()
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(address)))])
        return [address]

    def serve(self) -> None:
        """Serve until the process ends."""
        self._server.serve_forever()

    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def _copy(self) -> str:
        reading, writing = os.pipe()
        if not os.fork():
            try:
                os.close(reading)
                self._be_a_copy(writing)
            finally:
                os._exit(0)  # never back into the request that it was made in
        os.close(writing)
        with os.fdopen(reading, encoding="ascii") as said:
            return said.read()

    def _be_a_copy(self, parent: int) -> None:
        self._server.socket.close()
        if self._living is not None:
            os.close(self._living)
            self._living = None
        self._server = self._open(self)
        Thread(target=self.serve, daemon=True).start()
        with os.fdopen(parent, "w", encoding="ascii") as told:
            told.write(self.address())
        os.read(self._alive, 1)  # until nobody is left who could write
