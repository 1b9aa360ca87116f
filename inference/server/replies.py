"""What the server answers, and how that is written: the one place that knows the head of an answer."""

from __future__ import annotations

import json
from functools import lru_cache
from http import HTTPStatus
from typing import NamedTuple, TypeAlias

from inference.media_types import JSON

Headers: TypeAlias = list[tuple[bytes, bytes]]

CLOSE = (b"connection", b"close")
"""The header that says that the connection ends with the answer."""


class Reply(NamedTuple):
    """The answer to a request; `more` are headers besides its type and length."""

    status: int
    body: bytes
    media: str
    more: tuple[tuple[bytes, bytes], ...] = ()

    @property
    def headers(self) -> Headers:
        """All headers, in order."""
        return [(b"content-type", self.media.encode()), (b"content-length", b"%d" % len(self.body)), *self.more]


PONG = Reply(200, b"", "text/plain")
"""The answer to /ping."""


def refusal(status: int, sentence: str, *more: tuple[bytes, bytes]) -> Reply:
    """An answer that says what is wrong."""
    return Reply(status, json.dumps({"error": sentence}).encode(), JSON, more)


def written(reply: Reply) -> bytes:
    """An answer as it is sent, byte for byte as uvicorn writes it."""
    status, body, media, more = reply
    return _head(status, len(body), media, more) + body


@lru_cache(maxsize=512)
def _head(status: int, length: int, media: str, more: tuple[tuple[bytes, bytes], ...]) -> bytes:
    lines = [name + b": " + value for name, value in Reply(status, bytes(length), media, more).headers]
    return b"\r\n".join([f"HTTP/1.1 {status} {HTTPStatus(status).phrase}".encode(), *lines, b"", b""])
