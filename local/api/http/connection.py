"""A connection with patience: uvicorn waits for ever for a request's head and for a client that does not read."""

from __future__ import annotations

import asyncio
import socket

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 20.0
WRITE_SECONDS = 60.0


class Connection(H11Protocol):
    """HTTP/1.1 on one socket, cut where its client keeps it open without doing its part."""

    _head: asyncio.TimerHandle | None = None
    _write: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as in uvicorn's own
        """Expect a request's head from now on."""
        super().connection_made(transport)
        # asyncio does this for its own sockets only; a response in two writes would wait for the client's delayed ACK.
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._head = self.loop.call_later(HEAD_SECONDS, transport.abort)

    def data_received(self, data: bytes) -> None:
        """Take in bytes; whoever has begun a head must end it in time."""
        super().data_received(data)
        in_request = self.cycle is not None and not self.cycle.response_complete
        if in_request or self.transport.is_closing():
            _cancel(self._head)
            self._head = None
        elif self._head is None:
            self._head = self.loop.call_later(HEAD_SECONDS, self.transport.abort)

    def pause_writing(self) -> None:
        """Expect the client to read what is there for it."""
        super().pause_writing()
        if self._write is None:
            self._write = self.loop.call_later(WRITE_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """The client reads."""
        super().resume_writing()
        _cancel(self._write)
        self._write = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget what was expected."""
        _cancel(self._head)
        _cancel(self._write)
        super().connection_lost(exc)


def _cancel(timer: asyncio.TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()
