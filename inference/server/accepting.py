"""Takes new connections, some at a time, and answers those that ask for /ping at once.

The event loop's own server takes one connection in each of its rounds, and what that asks for is answered some rounds
later. Under many connections a round takes long: whoever asks for /ping then, to know whether the server lives, would
be told too late. So new connections are looked for in the midst of rounds as well, and a /ping that came with one is
answered on the spot.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
from collections.abc import Callable
from time import perf_counter

from inference.server.connection import Connection
from inference.server.replies import PONG, written

BACKLOG = 2048
# Few enough that several workers on one socket share what comes.
_AT_ONCE = 16
_PAUSE_SECONDS = 0.1
_EVERY_SECONDS = 0.004
"""How often connections are looked for while a round goes on."""
_HEAD_BYTES = 2048
# A whole head without a body; whatever is out of the ordinary goes the way of all requests.
_PING = re.compile(rb"GET /ping HTTP/1\.1\r\n(?:[^\r\n]+\r\n)*\r\n")
_UNUSUAL = re.compile(rb"\r\n(?:connection|content-length|transfer-encoding|expect|upgrade)[ \t]*:", re.IGNORECASE)
_PONG = written(PONG)


class Acceptor:
    """Listens on a bound socket, from `start` until it is closed."""

    def __init__(self, listening: socket.socket) -> None:
        self._listening = listening
        self._make: Callable[[], Connection]
        self._open = False
        self._greetings = set[asyncio.Task[object]]()
        self._looked = 0.0

    def start(self, make: Callable[[], Connection]) -> None:
        """Take connections from now on, in the running event loop."""
        self._make, self._open = make, True
        self._loop = asyncio.get_running_loop()
        self._listening.setblocking(False)
        self._listening.listen(BACKLOG)
        self._resume()

    def look(self) -> None:
        """Take what has come, in the midst of a round; costs next to nothing where one has looked just now."""
        if self._open and perf_counter() - self._looked > _EVERY_SECONDS:
            self._accept()

    def close(self) -> None:
        """Take no more connections."""
        self._open = False
        if self._listening.fileno() >= 0:
            self._loop.remove_reader(self._listening)
            self._listening.close()

    def _resume(self) -> None:
        if self._listening.fileno() >= 0:
            self._loop.add_reader(self._listening, self._accept)

    def _accept(self) -> None:
        try:
            for _ in range(_AT_ONCE):
                connection, _ = self._listening.accept()
                self._greet(connection)
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            pass
        except OSError:
            # There are no more files to be had: those who connect wait until some are given back.
            if self._listening.fileno() >= 0:
                self._loop.remove_reader(self._listening)
                self._loop.call_later(_PAUSE_SECONDS, self._resume)
        self._looked = perf_counter()

    def _greet(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        if connection.family != socket.AF_UNIX:
            with contextlib.suppress(OSError):
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        greeting = self._loop.create_task(self._connect(connection, greeted=_answer_ping(connection)))
        self._greetings.add(greeting)
        greeting.add_done_callback(self._greetings.discard)

    async def _connect(self, connection: socket.socket, *, greeted: bool) -> None:
        def protocol() -> Connection:
            made = self._make()
            made.greeted = greeted
            return made

        with contextlib.suppress(OSError):
            await self._loop.connect_accepted_socket(protocol, connection)


def _answer_ping(connection: socket.socket) -> bool:
    """Answer a connection's first request if it is for /ping; say whether it was."""
    try:
        head = _PING.match(connection.recv(_HEAD_BYTES, socket.MSG_PEEK))
        if head is None or _UNUSUAL.search(head[0]) is not None:
            return False
        connection.recv(head.end())
        return connection.send(_PONG) == len(_PONG)
    except OSError:  # Nothing has come yet, or the client has gone.
        return False
