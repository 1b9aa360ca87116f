"""Lines of a log file as events, read from any place in it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

from local.api.logs.streams import Stream

MAX_LINE_BYTES = 256 * 1024
CHUNK = 1 << 16


@dataclass(frozen=True)
class Line:
    """One line, and where it begins and ends in the file (bytes)."""

    text: str
    start: int
    end: int


def forwards(stream: Stream, offset: int) -> Iterator[Line]:
    """Yield the whole lines from `offset` on; a last line without its end counts once the step has ended."""
    with stream.path.open("rb") as file:
        file.seek(offset)
        while raw := file.readline(MAX_LINE_BYTES):
            if not raw.endswith(b"\n") and len(raw) < MAX_LINE_BYTES and stream.ended is None:
                return
            yield _line(raw, offset)
            offset += len(raw)


def backwards(stream: Stream, offset: int | None, limit: int) -> list[Line]:
    """Return the last `limit` whole lines that end at or before `offset` (None: the end of the file), in order."""
    with stream.path.open("rb") as file:
        end = file.seek(0, io.SEEK_END) if offset is None else offset
        start, buffer = end, b""
        while start > 0 and buffer.count(b"\n") <= limit:
            step = min(CHUNK, start)
            start -= step
            file.seek(start)
            buffer = file.read(step) + buffer
    if start > 0:
        # The first line of what was read may be cut: it is left to the next look back.
        cut = buffer.find(b"\n") + 1
        start, buffer = start + cut, buffer[cut:]
    lines = []
    # Read as a file, not split: only line feeds end a line, other breaks belong to it.
    for raw in io.BytesIO(buffer):
        if raw.endswith(b"\n") or stream.ended is not None:
            lines.append(_line(raw, start))
        start += len(raw)
    return lines[-limit:]


def timestamp(stream: Stream) -> int:
    """Return an event's time in milliseconds: when the step started, since the files do not say when a line came."""
    return int(stream.started * 1000)


def _line(raw: bytes, start: int) -> Line:
    text = raw.decode("utf-8", "replace").rstrip("\r\n")
    return Line(text, start, start + len(raw))
