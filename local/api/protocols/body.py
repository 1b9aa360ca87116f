"""A request's body as the client meant it: chunk framing taken off, length and checksums held against what it says."""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
from collections.abc import Callable, Mapping
from typing import Protocol

from local.api.errors import ServiceError
from local.api.protocols.http import HttpRequest, Reader

MAX_LINE_BYTES = 8192
_SIZE = re.compile(rb"[0-9a-fA-F]{1,16}")
PREFIX = "x-amz-checksum-"


class Checksum(Protocol):
    """A running checksum."""

    def update(self, data: bytes, /) -> None:
        """Take in more bytes."""
        ...

    def digest(self) -> bytes:
        """Return the checksum of all bytes so far."""
        ...


class Crc32:
    """CRC-32 with the interface of hashlib's digests."""

    def __init__(self) -> None:
        self._value = 0

    def update(self, data: bytes, /) -> None:
        """Take in more bytes."""
        self._value = zlib.crc32(data, self._value)

    def digest(self) -> bytes:
        """Return the checksum, most significant byte first."""
        return self._value.to_bytes(4, "big")


def _md5() -> Checksum:
    return hashlib.md5(usedforsecurity=False)


# Those that the standard library can compute. Others (CRC-32C, CRC-64, xxHash) are taken as they come.
_CHECKSUMS: dict[str, Callable[[], Checksum]] = {
    "crc32": Crc32,
    "md5": _md5,
    "sha1": lambda: hashlib.sha1(usedforsecurity=False),
    "sha256": hashlib.sha256,
    "sha512": hashlib.sha512,
}


class PayloadReader:
    """The body's bytes; the last read raises ServiceError where they are not what the request announced."""

    def __init__(self, request: HttpRequest) -> None:
        headers = request.headers
        framed = "aws-chunked" in headers.get("content-encoding", "") or headers.get(
            "x-amz-content-sha256", ""
        ).startswith("STREAMING-")
        length = headers.get("x-amz-decoded-content-length" if framed else "content-length")
        self._source: Reader = _Unframed(request.body) if framed else request.body
        self._length = int(length) if length is not None and length.isdecimal() else None
        self._count = 0
        self._checked = False
        self._expected = _announced(headers)
        announced = headers.get("x-amz-trailer", "").split(",") if framed else []
        names = {*self._expected, *(name.strip().removeprefix(PREFIX) for name in announced)}
        self._running: dict[str, Checksum] = {name: _CHECKSUMS[name]() for name in names if name in _CHECKSUMS}
        self.etag = _md5()

    def read(self, size: int = -1, /) -> bytes:
        """Return at most `size` bytes (all where negative), b"" at the end."""
        data = self._source.read(size) if size >= 0 else self._rest()
        self._count += len(data)
        self.etag.update(data)
        for checksum in self._running.values():
            checksum.update(data)
        if (size < 0 or not data) and not self._checked:
            self._check()
        return data

    def _rest(self) -> bytes:
        pieces = []
        while piece := self._source.read(1 << 20):
            pieces.append(piece)
        return b"".join(pieces)

    def _check(self) -> None:
        self._checked = True
        if self._length is not None and self._count != self._length:
            message = f"The request announced {self._length} bytes and held {self._count}."
            raise ServiceError("IncompleteBody", message)
        expected = dict(self._expected)
        if isinstance(self._source, _Unframed):
            expected.update(_announced(self._source.trailers))
        for name, checksum in self._running.items():
            if name in expected and base64.b64encode(checksum.digest()).decode("ascii") != expected[name]:
                message = f"The {name.upper()} you specified did not match the calculated checksum."
                raise ServiceError("BadDigest", message)


def _announced(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the checksums that headers or trailers give, by algorithm."""
    found = {name.removeprefix(PREFIX): value for name, value in headers.items() if name.startswith(PREFIX)}
    if "content-md5" in headers:
        found["md5"] = headers["content-md5"]
    return found


class _Unframed:
    """An `aws-chunked` body without its frames: `SIZE[;extensions]`, the bytes, … and trailers after the last."""

    def __init__(self, source: Reader) -> None:
        self._source = source
        self._buffer = b""
        self._left = 0
        self._done = False
        self.trailers: dict[str, str] = {}

    def read(self, size: int = -1, /) -> bytes:
        while not self._done and self._left == 0:
            self._next_chunk()
        if self._done:
            return b""
        data = self._take(min(size, self._left) if size >= 0 else self._left)
        if not data:
            raise ServiceError("IncompleteBody", "The request's body ended within a chunk.")
        self._left -= len(data)
        if self._left == 0:
            self._line()
        return data

    def _next_chunk(self) -> None:
        size = self._line().partition(b";")[0].strip()
        if not _SIZE.fullmatch(size):
            raise ServiceError("InvalidRequest", "The request's body is not framed as aws-chunked.")
        self._left = int(size, 16)
        if self._left == 0:
            self._done = True
            while line := self._line():
                name, _, value = line.decode("latin-1").partition(":")
                self.trailers[name.strip().lower()] = value.strip()

    def _line(self) -> bytes:
        while b"\r\n" not in self._buffer:
            more = self._source.read(MAX_LINE_BYTES)
            if not more or len(self._buffer) > MAX_LINE_BYTES:
                line, self._buffer = self._buffer, b""
                return line
            self._buffer += more
        line, _, self._buffer = self._buffer.partition(b"\r\n")
        return line

    def _take(self, size: int) -> bytes:
        if self._buffer:
            data, self._buffer = self._buffer[:size], self._buffer[size:]
            return data
        return self._source.read(size)
