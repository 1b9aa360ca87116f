"""Tables written as CSV, in whatever variety."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import csv as arrow_csv

from processing_scripts.tables.errors import TableError
from processing_scripts.tables.sniffing import Dialect, sniff
from processing_scripts.tables.streams import TextBytes
from processing_scripts.tables.table import Format, Table, clipped, listed

BLOCK_BYTES = 4 << 20
"""The longest row that is read: a line without end stops here instead of filling the memory."""


class CsvTable(Table):
    """Rows of CSV files; each file has a header of its own, or none has."""

    format: Format = "csv"

    def __init__(self, path: Path, files: Sequence[Path], header: bool | None, delimiter: str | None) -> None:
        if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n' or not delimiter.isascii()):
            raise TableError(f"{delimiter!r} cannot separate cells: a delimiter is one ASCII character, and no quote.")
        self._dialects: dict[Path, Dialect] = {}
        for file in files:
            dialect = sniff(file, header, delimiter)
            header, delimiter = dialect.header, dialect.delimiter
            self._dialects[file] = dialect
        leading = self._dialects[files[0]]
        super().__init__(path, files, leading.names)
        self.renamed = leading.renamed
        self.header, self.delimiter = leading.header, leading.delimiter
        for file in files[1:]:
            _check_alike(leading, files[0], self._dialects[file], file)
        if not any(dialect.has_rows for dialect in self._dialects.values()):
            raise TableError(f"{path} has a header ({listed(self.columns)}) and no rows below it.")

    def _read(self, columns: list[str], batch_rows: int) -> Iterator[pa.RecordBatch]:  # noqa: ARG002 - see batches
        for file, dialect in self._dialects.items():
            if dialect.has_rows:
                yield from _read_file(_File(file, dialect), columns)


def _check_alike(leading: Dialect, leader: Path, dialect: Dialect, file: Path) -> None:
    if dialect.header and set(dialect.names) != set(leading.names):
        odd = sorted(set(dialect.names) ^ set(leading.names))
        raise TableError(
            f"{file} has other columns than {leader.name} beside it ({listed(odd)} in only one of them); "
            f"every file of a folder needs the same header."
        )
    if len(dialect.names) != len(leading.names):
        raise TableError(
            f"{file} has {len(dialect.names):,} columns and {leader.name} beside it {len(leading.names):,}; "
            f"every file of a folder needs the same columns."
        )


@dataclass(frozen=True)
class _File:
    path: Path
    dialect: Dialect

    def numbered(self, row: int) -> str:
        """Return how a person finds a data row, the first being 1."""
        return f"row {row + 1:,} (the header is row 1)" if self.dialect.header else f"row {row:,}"


def _read_file(file: _File, columns: list[str]) -> Iterator[pa.RecordBatch]:
    # The last column is always read: a quote that is never closed shows at the end of the last row.
    last = file.dialect.names[-1]
    included = columns if last in columns else [*columns, last]
    rows = 0
    tail: str | None = None
    with TextBytes(file.path, file.dialect.skip) as stream:
        try:
            for batch in _open(stream, file.dialect, included, threads=True):
                rows += batch.num_rows
                tail = batch.column(included.index(last))[-1].as_py() if batch.num_rows else tail
                yield batch.select(columns)
        except pa.ArrowInvalid as error:
            raise TableError(_explain(file, str(error), rows)) from error
        unclosed = stream.quotes % 2 == 1 and tail is not None and "\n" in tail
    if unclosed:
        raise TableError(f'{file.path}: the quote (") that opens in {file.numbered(rows)} is never closed.')


def _open(stream: TextBytes, dialect: Dialect, included: list[str], threads: bool, on_bad: Any = None) -> Any:
    return arrow_csv.open_csv(
        pa.PythonFile(stream, mode="r"),
        read_options=arrow_csv.ReadOptions(
            column_names=list(dialect.names), block_size=BLOCK_BYTES, use_threads=threads
        ),
        parse_options=arrow_csv.ParseOptions(
            delimiter=dialect.delimiter, newlines_in_values=True, invalid_row_handler=on_bad
        ),
        # The stream has checked the text, and no cell is null: what counts as missing is for the reader to say.
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(dialect.names, pa.string()),
            include_columns=included,
            strings_can_be_null=False,
            check_utf8=False,
        ),
    )


def _explain(file: _File, message: str, rows: int) -> str:
    if "straddling" in message:
        return (
            f"{file.path}: a row after {file.numbered(max(rows, 1))} is longer than {BLOCK_BYTES >> 20} MiB; "
            f'most likely a quote (") in it is never closed.'
        )
    return _find_ragged(file) or f"{file.path} cannot be read as CSV: {message.splitlines()[0]}."


def _find_ragged(file: _File) -> str | None:
    """Read again in one thread, where pyarrow knows the number of the row it stops at."""
    bad: list[Any] = []

    def note(row: Any) -> str:
        bad.append(row)
        return "error"

    with TextBytes(file.path, file.dialect.skip) as stream:
        try:
            for _ in _open(stream, file.dialect, list(file.dialect.names[:1]), threads=False, on_bad=note):
                pass
        except pa.ArrowInvalid:
            pass
    if not bad:
        return None
    row = bad[0]
    return (
        f"{file.path}: {file.numbered(row.number)} has {row.actual_columns:,} cells where there are "
        f"{row.expected_columns:,} columns: {clipped(row.text)}. Put quotes around a cell that holds the separator "
        f"{file.dialect.delimiter!r}, or name the right separator."
    )
