"""Bodies of requests as they come in: read whole where they are small, handed to a thread piece by piece otherwise."""

from __future__ import annotations

import asyncio
import concurrent.futures
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, TypeAlias

from local.api.errors import ServiceError

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]

IDLE_SECONDS = 60.0
SMALL_BYTES = 1 << 20
# What is read of a body that nobody wants any more, so that its sender comes to read the answer.
DISCARDED_BYTES = 64 << 20


class DisconnectedError(Exception):
    """The client has gone: there is nobody to answer."""


class Incoming:
    """One request's body, on the event loop's side."""

    def __init__(self, receive: Receive, headers: Mapping[str, str]) -> None:
        self._receive = receive
        length = headers.get("content-length", "")
        self.length = int(length) if length.isdecimal() else None
        self.finished = self.length == 0 or (self.length is None and "transfer-encoding" not in headers)
        # Such a client sends its body only once it is told to go on, which the first read does.
        self.waits = headers.get("expect", "").lower() == "100-continue"

    async def next(self) -> bytes:
        """Return the bytes that have come, b"" at the end.

        Raises:
            DisconnectedError: the client has gone.
            TimeoutError: nothing came for a long time.
        """
        self.waits = False
        while not self.finished:
            async with asyncio.timeout(IDLE_SECONDS):
                message = await self._receive()
            if message["type"] == "http.disconnect":
                raise DisconnectedError
            self.finished = not message.get("more_body", False)
            if message.get("body"):
                return bytes(message["body"])
        return b""

    async def whole(self, limit: int) -> bytes | None:
        """Return the whole body; None, with at least a part of it left unread, where it is longer than `limit`."""
        if self.length is not None and self.length > limit:
            return None
        pieces, size = [], 0
        while piece := await self.next():
            pieces.append(piece)
            size += len(piece)
            if size > limit:
                return None
        return b"".join(pieces)

    async def discard(self) -> bool:
        """Read on to the end without keeping anything; False where that end is too far off to go on listening."""
        if self.finished:
            return True
        if self.waits or (self.length or 0) > DISCARDED_BYTES:
            return False
        left = DISCARDED_BYTES
        while left > 0 and (piece := await self.next()):
            left -= len(piece)
        return self.finished


class Streamed:
    """A body read by a thread while the event loop receives it; no more of it is in memory than a few pieces."""

    def __init__(self, incoming: Incoming, loop: asyncio.AbstractEventLoop) -> None:
        self._incoming = incoming
        self._loop = loop
        self._buffer = memoryview(b"")

    def read(self, size: int = -1, /) -> bytes:
        """Return at most `size` bytes that have come, b"" at the end."""
        if size < 0:
            pieces = []
            while piece := self.read(SMALL_BYTES):
                pieces.append(piece)
            return b"".join(pieces)
        if not self._buffer:
            self._buffer = memoryview(self._next())
        piece, self._buffer = bytes(self._buffer[:size]), self._buffer[size:]
        return piece

    def _next(self) -> bytes:
        try:
            return asyncio.run_coroutine_threadsafe(self._incoming.next(), self._loop).result()
        except TimeoutError:
            raise timed_out() from None
        except (DisconnectedError, concurrent.futures.CancelledError):
            raise ServiceError("IncompleteBody", "The connection ended before the request's body did.") from None


def timed_out() -> ServiceError:
    """Return the answer to a client that stopped sending."""
    message = f"Nothing of the request's body came for {IDLE_SECONDS:.0f} seconds."
    return ServiceError("RequestTimeout", message, status=408)
