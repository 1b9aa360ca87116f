"""A request and a response of HTTP, as far as the protocols need them."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import parse_qsl, urlsplit


class Reader(Protocol):
    """Anything that gives bytes when it is read."""

    def read(self, size: int = -1, /) -> bytes:
        """Return at most `size` bytes, b"" at the end."""
        ...


@dataclass(frozen=True)
class HttpRequest:
    """A request; `path` is still percent-encoded, `headers` have lower-case names."""

    method: str
    path: str
    query: Sequence[tuple[str, str]]
    headers: Mapping[str, str]
    body: Reader

    @classmethod
    def make(cls, method: str, url: str, headers: Mapping[str, str | bytes], body: Reader | None) -> HttpRequest:
        """Return the request for a URL; nothing in its path is decoded or made shorter."""
        parts = urlsplit(url)
        return cls(
            method=method,
            path=parts.path or "/",
            query=parse_qsl(parts.query, keep_blank_values=True),
            headers={name.lower(): _text(value) for name, value in headers.items()},
            body=body if body is not None else io.BytesIO(),
        )


@dataclass(frozen=True)
class HttpResponse:
    """A response; a body that is a reader is read once and then closed."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | Reader = b""


def read_up_to(source: Reader, limit: int) -> bytes:
    """Return what a reader has, but at most `limit` bytes; a reader that gives pieces is asked until its end."""
    pieces = []
    while limit > 0 and (piece := source.read(limit)):
        pieces.append(piece)
        limit -= len(piece)
    return b"".join(pieces)


def _text(value: str | bytes) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
