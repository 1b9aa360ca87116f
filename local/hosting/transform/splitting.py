"""Splits an input into the payloads that are sent to the model, each made of whole records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MEGABYTE = 1 << 20
# How large a payload grows where MaxPayloadInMB is 0: as the service streams it, any size.
UNLIMITED = 1 << 62


class SplitError(ValueError):
    """An input cannot be sent within the limit; the message is a sentence without its subject."""


@dataclass(frozen=True)
class Payload:
    """Some records of one input, the first of which has the number `first`, counted from 1."""

    records: Sequence[bytes]
    first: int


def split(content: bytes, split_type: str, strategy: str, limit: int) -> Iterator[Payload]:
    """Yield the payloads of an input.

    Without a split it is one record. Split by line, each line is a record, without its line break; nothing tells a
    header from other lines, and the service does not either.

    Raises:
        SplitError: a record is larger than the limit.
    """
    if split_type == "None":
        _hold(len(content), limit, "is")
        yield Payload([content], 1)
        return
    pending: list[bytes] = []
    size, first = 0, 1
    for number, line in enumerate(_lines(content), 1):
        _hold(len(line), limit, f"has a line, number {number}, that is")
        if pending and (strategy == "SingleRecord" or size + len(line) + 1 > limit):
            yield Payload(pending, first)
            pending, size, first = [], 0, number
        pending.append(line)
        size += len(line) + 1
    if pending:
        yield Payload(pending, first)


def _lines(content: bytes) -> list[bytes]:
    lines = content.replace(b"\r\n", b"\n").split(b"\n")
    return lines[:-1] if lines[-1] == b"" else lines


def _hold(size: int, limit: int, what: str) -> None:
    if size > limit:
        message = (
            f"{what} {size} bytes long, and MaxPayloadInMB allows {limit}. Raise MaxPayloadInMB (up to 100), or split "
            "the input by line."
        )
        raise SplitError(message)
