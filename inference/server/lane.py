"""A lane for small requests: answered where their last byte arrives, with one write.

uvicorn makes a task, a scope and two coroutines for each request, which takes several times as long as the answer to
a row does. What is not plainly a small request that has its turn now goes uvicorn's way, with all that has come of it.

A client's heads are mostly alike to the byte, and the parser would say of each what it said of the first. So what it
has said of a whole head is remembered, and a request that begins with the same bytes is not parsed again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ClassVar, TypeAlias

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from inference.formats.table import RequestError
from inference.server.heads import Head, read_head
from inference.server.limits import Limits
from inference.server.replies import PONG, Reply, written

_END = b"\r\n\r\n"
_PING = Head(0, "", "", "")
_OF_BODIES = frozenset([b"content-length", b"transfer-encoding"])
_MOST_KNOWN = 256
_LONGEST_KNOWN = 2048

AtOnce: TypeAlias = Callable[[bytes, Head], Reply | None]
"""Answers a small body sent to /invocations; None where it has to wait for its turn."""


class Lane(HttpToolsProtocol):
    """HTTP/1.1 on one socket."""

    limits = Limits()
    known: ClassVar[dict[bytes, Head]] = {}
    """What the parser has said of whole heads, each of them up to the empty line."""

    at_once: AtOnce | None = None
    """What answers small requests; without it all go uvicorn's way."""
    head: Head | None = None
    """That of the request that is on the lane."""
    between = True
    """Whether no request has come in part, but for a head that is held."""
    answered = 0
    """How many requests have been, on the lane."""
    _body = b""
    _held = b""
    """A known head whose body has not come: many clients send the two one after the other."""
    _last: Head
    _last_time = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn's own
        """Open the lane where uvicorn does no more with requests than is done here."""
        super().connection_made(transport)
        more = self.access_log or self.limit_concurrency or self.server_state.default_headers
        self._open = self.at_once is not None and not more

    def data_received(self, data: bytes) -> None:
        """Answer a request whose head is known; give all else to the parser."""
        if self._held:
            data, self._held, self.head = self._held + data, b"", None
        if not (self.between and self._is_free()):
            super().data_received(data)
            return
        end = data.find(_END, 0, _LONGEST_KNOWN) + 4
        head = self.known.get(data[:end])
        if head is not None:
            if len(data) == end + head.length and self._answer(data[end:], head):
                return
            if len(data) == end < end + head.length:
                self._held, self.head = data, head
                return
        answered = self.answered
        super().data_received(data)
        if self.answered == answered + 1 and self.between and len(data) == end + self._last.length:
            self._learn(data[:end])

    def on_message_begin(self) -> None:
        """A request begins."""
        self.between = False
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Take the request on the lane, or send it uvicorn's way."""
        self.head = self._taken() if self._is_free() else None
        if self.head is None:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of the body."""
        if self.head is None:
            super().on_body(body)
        else:
            self._body += body

    def on_message_complete(self) -> None:
        """Answer what is on the lane."""
        self.between = True
        if self.head is not None:
            if self._answer(self._body, self.head):
                self.head, self._body = None, b""
                return
            self._leave()
        super().on_message_complete()

    def timeout_keep_alive_handler(self) -> None:
        """End the connection, unless something was answered meanwhile or is about to be."""
        left = self._last_time + self.timeout_keep_alive - self.loop.time()
        if self._held:
            left = self.timeout_keep_alive
        if left > 0:
            self.timeout_keep_alive_task = self.loop.call_later(left, self.timeout_keep_alive_handler)
        else:
            super().timeout_keep_alive_handler()

    def shutdown(self) -> None:
        """Let a request that has begun come to its end."""
        if self._held:
            held, self._held = self._held, b""
            super().data_received(held)
        if self.head is not None:
            self._leave()
        super().shutdown()

    def _is_free(self) -> bool:
        """Whether nothing is in the way of an answer: no other one, and no client that does not read."""
        cycle = self.cycle
        return self._open and (cycle is None or cycle.response_complete) and not self.flow.write_paused

    def _taken(self) -> Head | None:
        """The head of a request that is for the lane."""
        parser = self.parser
        if parser.should_upgrade():
            self._open = False
        if not self._open or self.expect_100_continue or not parser.should_keep_alive():
            return None
        if parser.get_http_version() != "1.1":
            return None
        if self.url == b"/invocations" and parser.get_method() == b"POST":
            return self._small()
        if self.url == b"/ping" and parser.get_method() == b"GET":
            return _PING if _OF_BODIES.isdisjoint(name for name, _ in self.headers) else None
        return None

    def _small(self) -> Head | None:
        try:
            head = read_head(self.headers)
        except RequestError:
            return None
        # A body in chunks has no length.
        return head if 0 <= head.length <= self.limits.small else None

    def _answer(self, body: bytes, head: Head) -> bool:
        """Answer a request if it can be at once."""
        assert self.at_once is not None  # noqa: S101
        reply = PONG if head is _PING else self.at_once(body, head)
        if reply is None:
            return False
        self.transport.write(written(reply))
        self.answered += 1
        self.server_state.total_requests += 1
        self._last, self._last_time = head, self.loop.time()
        # One timer lasts for many answers: to set it for each takes as long as to look for another one's rows.
        if self.timeout_keep_alive_task is None:
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )
        return True

    def _learn(self, head: bytes) -> None:
        if len(self.known) >= _MOST_KNOWN:
            self.known.clear()
        self.known[head] = self._last

    def _leave(self) -> None:
        """Send what is on the lane uvicorn's way."""
        body, self.head, self._body = self._body, None, b""
        super().on_headers_complete()
        super().on_body(body)
