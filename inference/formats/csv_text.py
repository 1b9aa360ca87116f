"""Text in CSV: rows with or without a header, cells quoted or not; blank lines are no rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Sequence
from itertools import chain

from inference.formats.table import RequestError, Table, checked_names, text_of

_ENDS = "\r\n"
# From here on a body is decoded piece by piece: as one text with a place to read at, it would take five times its size.
_LARGE = 64 << 10


def read(body: str | bytes, names: Collection[str], header: bool | None = None) -> Table:
    """The rows of a body. `header` says whether the first is one; None asks whether most of its cells are `names`."""
    if isinstance(body, bytes) and len(body) > _LARGE:
        rows = _rows(io.TextIOWrapper(io.BytesIO(body), "utf-8-sig", newline=""))
        first = next(rows, None)
    else:
        text = text_of(body)
        line = text.rstrip(_ENDS)
        if line and '"' not in line and "\n" not in line and "\r" not in line:
            first = line.split(",")  # One row, the most frequent request.
            rows = iter(())
        else:
            rows = _rows(io.StringIO(text, newline=""))
            first = next(rows, None)
    if first is None:
        return Table(rows)
    if header is None:
        header = is_header(first, names)
    if not header:
        return Table(chain((first,), rows))
    columns = checked_names([name.strip() for name in first])
    return Table(_as_wide(rows, len(columns)), columns)


def _rows(lines: io.TextIOBase) -> Iterator[list[str]]:
    try:
        for row in csv.reader(lines, strict=True):
            if row:
                yield row
    except UnicodeDecodeError as error:
        raise RequestError("the body is not UTF-8 text.") from error
    except csv.Error as error:
        raise RequestError(f"the body is not CSV: {error}.") from error


def _as_wide(rows: Iterator[list[str]], width: int) -> Iterator[list[str]]:
    for number, row in enumerate(rows, 1):
        if len(row) != width:
            raise RequestError(f"row {number}: a row has {len(row)} cells under a header of {width}.")
        yield row


def is_header(cells: Sequence[str], names: Collection[str]) -> bool:
    """Whether most cells are names of columns; what the others are is said when the rows are read."""
    return 2 * sum(map(names.__contains__, map(str.strip, cells))) > len(cells)


def cell(text: str) -> str:
    """A cell as CSV writes it, quoted where it must be."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow([text])
    return buffer.getvalue()
