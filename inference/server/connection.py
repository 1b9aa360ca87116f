"""A connection with patience, and with an end to it: uvicorn waits for ever, and for heads of any length."""

from __future__ import annotations

import asyncio
from collections.abc import Sized

from uvicorn.protocols.http.flow_control import FlowControl

from inference.server.lane import Lane
from inference.server.replies import CLOSE, refusal, written


class _Flow(FlowControl):
    """Reads on once nothing of what has been read waits; uvicorn's own does so whenever a request is answered.

    What comes after a request that is being answered waits on the connection: a client that sends requests without end
    would fill the memory with them.
    """

    def __init__(self, transport: asyncio.Transport, waiting: Sized) -> None:
        super().__init__(transport)
        self._waiting = waiting

    def resume_reading(self) -> None:
        if not self._waiting:
            super().resume_reading()


class Connection(Lane):
    """HTTP/1.1 on one socket, ended where its client keeps it open without doing its part."""

    greeted = False
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
        self.flow = _Flow(transport, self.pipeline)
        if self.greeted:
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )
            return
        self._arriving = self.loop.call_later(self.limits.head_seconds, self._late)

    def data_received(self, data: bytes) -> None:
        """Take in bytes; what has begun must come to its end in time."""
        self.look()
        before, answered, head = self.cycle, self.answered, self.head
        super().data_received(data)
        if self.between and self.answered != answered:
            self._of_head = 0
            if self._arriving is not None:
                self._arrived()
        elif self.transport.is_closing():
            self._arrived()
        elif self.head is not None:
            self._expect_body(begun=head is None)
        elif (cycle := self.cycle) is None or cycle.response_complete:
            # Of the next request there is a part of the head at most.
            self._expect_head(0 if self.answered != answered else self._of_head + len(data))
        elif not cycle.more_body:
            self._of_head = 0
            if self._arriving is not None:
                self._arrived()
        else:
            self._expect_body(begun=cycle is not before)

    def _expect_head(self, size: int) -> None:
        if size == 0:
            self._arrived()
        self._of_head = size
        if size > self.limits.head:
            self._refuse(431, "the head of the request is too long.")
        elif self._arriving is None:
            self._arriving = self.loop.call_later(self.limits.head_seconds, self._late)

    def _expect_body(self, *, begun: bool) -> None:
        if begun or self._arriving is None:
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
        self._unset_keepalive_if_required()
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
            self.transport.write(written(refusal(status, sentence, CLOSE)))
        self.transport.close()
