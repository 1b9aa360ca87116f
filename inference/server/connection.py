"""A connection with patience, and with an end to it: uvicorn waits for ever, and for heads of any length."""

from __future__ import annotations

import asyncio
import json

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from inference.server.limits import Limits


class Connection(HttpToolsProtocol):
    """HTTP/1.1 on one socket, ended where its client keeps it open without doing its part."""

    limits = Limits()
    answered = False
    """Whether its first request was answered before it came here."""

    @staticmethod
    def look() -> None:
        """Called now and then in the midst of work, for what must not wait for its end."""

    _arriving: asyncio.TimerHandle | None = None
    _leaving: asyncio.TimerHandle | None = None
    _of_head = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn's own
        """Expect a request's head from now on."""
        super().connection_made(transport)
        if self.answered:
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )
            return
        self._arriving = self.loop.call_later(self.limits.head_seconds, self._late)

    def data_received(self, data: bytes) -> None:
        """Take in bytes; what has begun must come to its end in time."""
        self.look()
        before = self.cycle
        super().data_received(data)
        cycle = self.cycle
        if self.transport.is_closing():
            self._arrived()
        elif cycle is None or cycle.response_complete:
            # Of the next request there is a part of the head at most.
            self._of_head += len(data)
            if self._of_head > self.limits.head:
                self._refuse(431, "the head of the request is too long.")
            elif self._arriving is None:
                self._arriving = self.loop.call_later(self.limits.head_seconds, self._late)
        elif not cycle.more_body:
            self._of_head = 0
            if self._arriving is not None:
                self._arrived()
        elif cycle is not before or self._arriving is None:
            self._of_head = 0
            self._arrived()
            self._arriving = self.loop.call_later(self.limits.body_seconds, self._late)

    def pause_writing(self) -> None:
        """Expect the client to read what is there for it."""
        super().pause_writing()
        if self._leaving is None:
            self._leaving = self.loop.call_later(self.limits.write_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """The client reads."""
        super().resume_writing()
        if self._leaving is not None:
            self._leaving.cancel()
            self._leaving = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget what was expected."""
        self._arrived()
        if self._leaving is not None:
            self._leaving.cancel()
        super().connection_lost(exc)

    def _arrived(self) -> None:
        if self._arriving is not None:
            self._arriving.cancel()
            self._arriving = None

    def _late(self) -> None:
        self._refuse(408, "the request did not arrive in time.")

    def _refuse(self, status: int, sentence: str) -> None:
        """Answer what no application has been asked to answer, and end the connection."""
        self._arriving = None
        if self.transport.is_closing():
            return
        if self.cycle is None or not self.cycle.response_started or self.cycle.response_complete:
            body = json.dumps({"error": sentence}).encode()
            head = f"HTTP/1.1 {status} \r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n"
            self.transport.write(f"{head}connection: close\r\n\r\n".encode() + body)
        self.transport.close()
