"""Finds out how a CSV file is written: what separates its cells, and whether it starts with names."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from inference.cells import DEFAULT_MISSING, parse_number
from processing_scripts.tables.errors import TableError
from processing_scripts.tables.streams import TextBytes

DELIMITERS = (",", ";", "\t", "|")
SAMPLE_BYTES = 1 << 20
SAMPLE_ROWS = 1_000


@dataclass(frozen=True)
class Dialect:
    """How one CSV file is written.

    Attributes:
        delimiter: What separates cells.
        header: Whether the first row holds names.
        names: The columns; `column_1`, `column_2`, … where there are no names.
        skip: Bytes of the header, counted after a byte order mark.
        has_rows: Whether any row follows the header.
        renamed: Names that several columns had; from the second on they are known as `NAME (2)` and so on.
    """

    delimiter: str
    header: bool
    names: tuple[str, ...]
    skip: int
    has_rows: bool
    renamed: tuple[str, ...] = ()


def sniff(path: Path, header: bool | None = None, delimiter: str | None = None) -> Dialect:
    """Look at the start of a CSV file; what is given is taken as it is, the rest is found out.

    Raises:
        TableError: There is no row at all, or the start is not text.
    """
    text, whole = _head(path)
    if not text.strip():
        raise TableError(f"{path} is empty; it needs a row of column names and rows of data.")
    if delimiter is None:
        delimiter = _find_delimiter(text, whole)
    rows, complete = _rows(text, delimiter, whole)
    if not rows:
        raise TableError(f'{path} has no first row that can be read as CSV; is a quote (") left open there?')
    first = rows[0]
    if header is None:
        header = _starts_with_names(rows)
    names = [cell.strip() or f"column_{at}" for at, cell in enumerate(first, 1)] if header else []
    names, renamed = _unique(names)
    return Dialect(
        delimiter=delimiter,
        header=header,
        renamed=renamed,
        names=tuple(names or (f"column_{at}" for at in range(1, len(first) + 1))),
        skip=_bytes_of_first_row(text, delimiter) if header else 0,
        has_rows=len(rows) > header or not complete,
    )


def _unique(names: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """Return names that tell all columns apart, and those that several had."""
    given, found = Counter(names), []
    taken = set(names)
    seen: Counter[str] = Counter()
    for name in names:
        seen[name] += 1
        count, unique = seen[name], name
        while count > 1 and unique in taken:
            unique, count = f"{name} ({count})", count + 1
        taken.add(unique)
        found.append(unique)
    return found, tuple(name for name, count in given.items() if count > 1)


def _head(path: Path) -> tuple[str, bool]:
    with TextBytes(path) as stream:
        data = stream.read(SAMPLE_BYTES)
        while len(data) < SAMPLE_BYTES and (more := stream.read(SAMPLE_BYTES - len(data))):
            data += more
        whole = not stream.read(1)
    # Only a character cut in half by the end of the sample can be undecodable here: the stream has checked the rest.
    return data.decode("utf-8", errors="ignore"), whole


def _rows(text: str, delimiter: str, whole: bool) -> tuple[list[list[str]], bool]:
    """Return the first rows that are not blank and whether there are no more of them.

    The last row is left out where the sample may have cut it, and reading stops at a cell too long for the csv module.
    """
    rows: list[list[str]] = []
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        for row in islice(reader, SAMPLE_ROWS):
            if row:
                rows.append(row)  # noqa: PERF401 - what was read before an error is kept
        whole = whole and len(rows) < SAMPLE_ROWS
    except csv.Error:
        return rows, False
    return (rows if whole or len(rows) == SAMPLE_ROWS else rows[:-1]), whole


def _find_delimiter(text: str, whole: bool) -> str:
    """Return the separator by which most rows are as wide as the first; a comma when nothing separates."""
    best = (0.0, 1, ",")
    for delimiter in DELIMITERS:
        rows, _ = _rows(text, delimiter, whole)
        width = len(rows[0]) if rows else 1
        if width > 1:
            same = sum(len(row) == width for row in rows) / len(rows)
            if (same, width) > best[:2]:
                best = (same, width, delimiter)
    if best[1] == 1:
        rows, _ = _rows(text, " ", whole)
        widths = {len(row) for row in rows}
        if len(rows) > 1 and len(widths) == 1 and widths.pop() > 2:
            return " "
    return best[2]


def _bytes_of_first_row(text: str, delimiter: str) -> int:
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=delimiter)
    for row in reader:
        if row:
            break
    consumed = islice(io.StringIO(text, newline=""), reader.line_num)
    return sum(len(line.encode()) for line in consumed)


def _starts_with_names(rows: Sequence[Sequence[str]]) -> bool:
    first = [cell.strip() for cell in rows[0]]
    body = [row for row in rows[1:] if len(row) == len(first)]
    if _is_numbered(first):
        return True
    votes = sum(_vote(cell, [row[at].strip() for row in body]) for at, cell in enumerate(first))
    if votes:
        return votes > 0
    named = [cell for cell in first if cell]
    return len(set(named)) == len(named) > 0 and not any(map(_is_number, named))


def _is_numbered(first: Sequence[str]) -> bool:
    """Say whether the row counts its columns (0, 1, 2, … or 1, 2, 3, …), as pandas names those that have no name."""
    numbers = first[:-1] if not _is_number(first[-1]) else first
    starts = [[str(at) for at in range(base, base + len(numbers))] for base in (0, 1)]
    return len(numbers) >= 5 and list(numbers) in starts


def _vote(first: str, body: Sequence[str]) -> int:
    """Return 1 when the first cell of a column looks like its name, -1 when like one more value, else 0."""
    if first in DEFAULT_MISSING:
        return -1 if first else 0
    values = [cell for cell in body if cell not in DEFAULT_MISSING]
    if not values:
        return 0
    numeric = sum(map(_is_number, values))
    if numeric >= 0.9 * len(values):
        return -1 if _is_number(first) else 1
    counts = Counter(values)
    if first in counts or _is_number(first):
        return -1
    return 1 if len(values) >= 3 and len(counts) <= len(values) / 2 else 0


def _is_number(text: str) -> bool:
    return parse_number(text) is not None
