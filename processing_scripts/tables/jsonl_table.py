"""Tables written as JSON Lines: one object a line."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from processing_scripts.tables.errors import TableError
from processing_scripts.tables.streams import BOM, not_text, open_bytes
from processing_scripts.tables.table import MAX_COLUMNS, Format, Table, clipped

LINE_BYTES = 8 << 20
"""The longest line that is read, so that a file without line ends cannot fill the memory."""
CELLS_AT_ONCE = 4_000_000

Row = dict[str, str | None]


class Number(str):
    """A JSON number as it is written, told apart from a string only where it stands in a list."""

    __slots__ = ()


@dataclass(frozen=True)
class Line:
    """One object with the place it comes from."""

    path: Path
    number: int
    value: dict[str, Any]

    def error(self, what: str) -> TableError:
        """Return an error that names the line."""
        return TableError(f"{self.path}, line {self.number:,}: {what}")


class JsonLinesTable(Table):
    """Rows of JSON objects; a column is a key, and a nested key is written ``outer.inner``."""

    format: Format = "jsonl"

    def __init__(self, path: Path, files: Sequence[Path], columns: Sequence[str] | None = None) -> None:
        super().__init__(path, files, find_columns(path, files, self._row) if columns is None else columns)

    def _row(self, line: Line) -> Row:
        return flat(line)

    def _read(self, columns: list[str], batch_rows: int) -> Iterator[pa.RecordBatch]:
        schema = pa.schema([(name, pa.string()) for name in columns])
        at_once = max(1, min(batch_rows, CELLS_AT_ONCE // max(1, len(columns))))
        for file in self.files:
            rows: list[Row] = []
            for line in read_lines(file):
                rows.append(self._row(line))
                if len(rows) == at_once:
                    yield _batch(rows, schema)
                    rows = []
            if rows:
                yield _batch(rows, schema)


def _batch(rows: list[Row], schema: pa.Schema) -> pa.RecordBatch:
    columns = [pa.array([row.get(name) for row in rows], pa.string()) for name in schema.names]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def find_columns(path: Path, files: Sequence[Path], row_of: Callable[[Line], Row]) -> list[str]:
    """Read everything once for the names in the order in which they first appear: any row may bring a new one."""
    columns: dict[str, None] = {}
    rows = 0
    for file in files:
        for line in read_lines(file):
            rows += 1
            columns.update(dict.fromkeys(row_of(line)))
            if len(columns) > MAX_COLUMNS:
                raise line.error(f"more than {MAX_COLUMNS:,} different keys; a table has the same keys in every line.")
    if not rows:
        raise TableError(f"{path} is empty; it needs one JSON object a line.")
    if not columns:
        raise TableError(f"{path} holds only empty objects; a row needs its cells under their names.")
    return list(columns)


def read_lines(path: Path) -> Iterator[Line]:
    """Yield the objects of a file, numbers as they are written.

    Raises:
        TableError: A line is too long, is not UTF-8, is not a JSON object, or names a key twice.
    """
    number = 0
    with open_bytes(path) as stream:
        while True:
            try:
                raw = stream.readline(LINE_BYTES + 1)
            except (OSError, EOFError, zlib.error) as error:
                raise TableError(f"{path} cannot be read to its end, it is damaged: {error}.") from error
            if not raw:
                return
            number += 1
            if len(raw) > LINE_BYTES:
                raise TableError(
                    f"{path}, line {number:,}: longer than {LINE_BYTES >> 20} MiB; write one object a line."
                )
            text = _text(path, number, raw.removeprefix(BOM) if number == 1 else raw)
            if text.strip():
                yield Line(path, number, _object(path, number, text))


def _text(path: Path, number: int, raw: bytes) -> str:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise TableError(
            not_text(path, error.start, raw[error.start]).replace("at offset", f"in line {number:,}, byte")
        ) from error
    if "\0" in text:
        raise TableError(f"{path}, line {number:,}: holds a NUL byte; it is not text, or it is UTF-16.")
    return text


def _object(path: Path, number: int, text: str) -> dict[str, Any]:
    try:
        value = parse(text)
    except ValueError as error:
        raise TableError(f"{path}, line {number:,}: {_why(text, error)}") from error
    except RecursionError as error:
        raise TableError(f"{path}, line {number:,}: nested too deeply to be a row of a table.") from error
    if not isinstance(value, dict):
        raise TableError(f"{path}, line {number:,}: not a JSON object but {clipped(text.strip())}; {_HOW}")
    return value


_HOW = 'write one object a line, such as {"age": 39, "city": "Ulm"}.'


def _why(text: str, error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"not valid JSON at character {error.pos + 1:,} ({error.msg}) in {clipped(text.strip())}; {_HOW}"
    return f"{error}."


def parse(text: str) -> Any:
    """Return a JSON value with its numbers as text; ValueError when it is none or a key stands twice."""
    return json.loads(text, parse_int=Number, parse_float=Number, parse_constant=Number, object_pairs_hook=_unique)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {clipped(twice)} stands twice")
    return value


def flat(line: Line) -> Row:
    """Return the cells of a line by column name.

    Raises:
        TableError: Two keys come to the same name, or a text cannot be written as UTF-8.
    """
    row: Row = {}
    for name, value in _leaves(line.value):
        if name in row:
            raise line.error(f"two keys come to the column name {clipped(name)}; rename one of them.")
        cell = as_text(value)
        if not _encodable(name) or (cell is not None and not _encodable(cell)):
            raise line.error(
                f"the text of {clipped(name)} holds half of a character or NUL, which no text file can hold."
            )
        row[name] = cell
    return row


def _encodable(text: str) -> bool:
    if text.isascii():
        return "\0" not in text
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def _leaves(value: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, inner in value.items():
        if isinstance(inner, dict):
            yield from _leaves(inner, f"{prefix}{key}.")
        else:
            yield prefix + key, inner


def as_text(value: Any) -> str | None:
    """Return a JSON value as the text of a cell: null stays null, a list is JSON again, the rest stands as written."""
    if value is None or isinstance(value, str):
        return value
    return _json(value)


def _json(value: Any) -> str:
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{_json(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_json, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
