"""Asks the server's two ways the same: the lane, and uvicorn's with a task for each request."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from inference.handler import Handler
from inference.server.app import Application
from inference.server.connection import Connection
from inference.server.limits import Limits
from inference.server.quiet import quiet_server

T = TypeVar("T")
HEAD = b"POST /invocations HTTP/1.1\r\nHost: here\r\n"
ROW = b"9.5,red,\n"
LONG_ROUNDS = Limits(round_seconds=60)
"""However slow the machine is, every request has its turn at once."""
LAST = b"GET /execution-parameters HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n"


def request(body: bytes = ROW, *lines: str, kind: str = "text/csv") -> bytes:
    """POST /invocations as it is sent."""
    told = [f"Content-Type: {kind}", *lines, f"Content-Length: {len(body)}", "", ""]
    return HEAD + "\r\n".join(told).encode() + body


@dataclass
class Ways:
    """A server in this process: what it answers on the lane, or without it."""

    handler: Handler
    lane: bool = True
    limits: Limits = LONG_ROUNDS
    keep_alive_seconds: int = 5
    made: list[Connection] = field(default_factory=list)
    """Its connections so far."""
    parsed: int = 0
    """How many requests the parser has seen."""
    heard: asyncio.Event = field(default_factory=asyncio.Event)
    """Set whenever bytes have come."""

    def run(self, work: Callable[[Ways], Awaitable[T]]) -> T:
        """Do something while it listens."""
        return asyncio.run(self._run(work))

    async def _run(self, work: Callable[[Ways], Awaitable[T]]) -> T:
        self.application = Application(self.handler, self.limits)
        self.server = quiet_server(
            self.application,
            Connection,
            loop="asyncio",
            keep_alive_seconds=self.keep_alive_seconds,
            drain_seconds=5,
        )
        self.server.config.load()
        self.known = dict[bytes, Any]()
        served = self

        class Heard(Connection):
            limits = self.limits
            known = self.known
            at_once = staticmethod(self.application.at_once) if self.lane else None

            def data_received(self, data: bytes) -> None:
                super().data_received(data)
                served.heard.set()

            def on_message_begin(self) -> None:
                super().on_message_begin()
                served.parsed += 1

        def make() -> Connection:
            self.made.append(Heard(self.server.config, self.server.server_state, app_state={}))
            return self.made[-1]

        bound = socket.create_server(("127.0.0.1", 0))
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        self.port = bound.getsockname()[1]
        listening = await asyncio.get_running_loop().create_server(make, sock=bound)
        try:
            return await asyncio.wait_for(work(self), 60)
        finally:
            listening.close()

    async def put(self, writer: asyncio.StreamWriter, part: bytes) -> None:
        """Send something, and return once it has been heard."""
        self.heard.clear()
        writer.write(part)
        await asyncio.wait_for(self.heard.wait(), 10)

    async def sent(self, *parts: bytes, closes: bool = False) -> bytes:
        """All that comes back over one connection: each part is sent once the one before has been heard.

        A last request ends the connection, unless the parts themselves do.
        """
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        for part in parts if closes else (*parts, LAST):
            await self.put(writer, part)
        found = await asyncio.wait_for(reader.read(), 10)
        writer.close()
        return found

    @property
    def answered(self) -> int:
        """How many requests were answered on the lane."""
        return sum(connection.answered for connection in self.made)
