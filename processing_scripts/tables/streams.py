"""Bytes of a text table: unpacked, without a byte order mark, and held to be UTF-8 without NUL."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from pathlib import Path
from typing import BinaryIO, cast

from processing_scripts.tables.errors import TableError

GZIP = b"\x1f\x8b"
BOM = codecs.BOM_UTF8


def open_bytes(path: Path) -> BinaryIO:
    """Open a file for reading, unpacking gzip by what it starts with rather than by its name.

    Raises:
        TableError: The file cannot be opened.
    """
    try:
        with path.open("rb") as plain:
            packed = plain.read(2) == GZIP
        return cast(BinaryIO, gzip.open(path, "rb")) if packed else path.open("rb")
    except OSError as error:
        raise TableError(f"{path} cannot be read: {error.strerror or error}.") from error


class TextBytes(io.RawIOBase):
    """A stream for pyarrow that names the first byte that is not text.

    Args:
        path: The file.
        skip: Bytes to leave out at the start, after the byte order mark (a header that has been read already).

    Attributes:
        quotes: How many double quotes have gone by; an odd number at the end hints at one that was never closed.
    """

    def __init__(self, path: Path, skip: int = 0) -> None:
        self._path = path
        self._stream = open_bytes(path)
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._offset = 0
        self.quotes = 0
        self._pending = self._take(max(len(BOM), 1))
        if self._pending == BOM:
            self._pending = b""
        while skip > 0:
            gone = self.read(min(skip, 1 << 20))
            skip -= len(gone)
            if not gone:
                break
        self.quotes = 0

    def readable(self) -> bool:
        """Say that this is a stream to read from."""
        return True

    def close(self) -> None:
        """Close the file as well."""
        self._stream.close()
        super().close()

    def read(self, size: int = -1) -> bytes:
        """Return up to ``size`` bytes (all when negative), none at the end.

        Raises:
            TableError: A byte is not UTF-8 text, or the packed data is damaged.
        """
        if self._pending:
            chunk = self._pending if size < 0 else self._pending[:size]
            self._pending = self._pending[len(chunk) :]
            rest = self._take(size - len(chunk)) if size >= 0 else self._take(-1)
            chunk += rest
        else:
            chunk = self._take(size)
        self.quotes += chunk.count(b'"')
        return chunk

    def _take(self, size: int) -> bytes:
        if size == 0:
            return b""
        try:
            chunk = self._stream.read(size)
        except (OSError, EOFError, zlib.error) as error:
            raise TableError(f"{self._path} cannot be read to its end, it is damaged: {error}.") from error
        self._check(chunk)
        self._offset += len(chunk)
        return chunk

    def _check(self, chunk: bytes) -> None:
        nul = chunk.find(b"\0")
        if nul >= 0:
            raise TableError(not_text(self._path, self._offset + nul, 0))
        held = len(self._decoder.getstate()[0])
        try:
            self._decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            where = self._offset - held + error.start
            raise TableError(not_text(self._path, where, error.object[error.start])) from error


def not_text(path: Path, offset: int, byte: int) -> str:
    """Return the sentence for a byte that has no place in a text table."""
    if byte == 0:
        return (
            f"{path} holds a NUL byte at offset {offset:,}: it is not a text table, or it is UTF-16 "
            f"(then convert it: iconv -f UTF-16 -t UTF-8 FILE > NEW)."
        )
    return (
        f"{path} is not UTF-8 at offset {offset:,} (byte 0x{byte:02x}); convert it first, "
        f"for example with: iconv -f ISO-8859-1 -t UTF-8 FILE > NEW."
    )
