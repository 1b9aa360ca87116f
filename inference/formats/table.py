"""What every format is read into: rows of raw cells, one after another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


class RequestError(Exception):
    """A request cannot be answered; the text is a whole sentence, `status` the HTTP code."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True)
class Table:
    """Raw rows, read as they are asked for: reading raises RequestError where the body turns out to be at fault.

    `names` are the columns of the cells where the body names them once for all rows, which then are sequences of
    just as many cells. Without, a row is a list of cells in the model's order or an object by column names.
    """

    rows: Iterator[Any]
    names: tuple[str, ...] | None = None


def checked_names(names: list[str]) -> tuple[str, ...]:
    """The names of columns; raises RequestError where one is there twice."""
    if len(set(names)) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise RequestError(f"the header names a column twice: {twice[:80]}.")
    return tuple(names)


def text_of(body: str | bytes) -> str:
    """A body as text, without a byte order mark; raises RequestError where it is not UTF-8."""
    try:
        text = body.decode() if isinstance(body, bytes) else body
    except UnicodeDecodeError as error:
        raise RequestError(f"the body is not UTF-8 text (byte {error.start + 1}).") from error
    return text.removeprefix("\ufeff")


def bytes_of(body: str | bytes) -> bytes:
    """A body of a binary format as bytes; raises RequestError where something has made text of it."""
    if isinstance(body, str):
        raise RequestError("the body of a binary format was sent as text.")
    return body
