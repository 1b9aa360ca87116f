"""What every kind of table offers, whatever its format."""

from __future__ import annotations

import difflib
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

import pyarrow as pa

from processing_scripts.tables.errors import TableError

Format = Literal["csv", "parquet", "jsonl", "manifest"]

BATCH_ROWS = 65_536
MAX_COLUMNS = 16_384
"""More columns than any spreadsheet holds: beyond that, the file is not the table its owner thinks it is."""


class Table(ABC):
    """Rows of named columns in one file, or in a folder of files of one format.

    Attributes:
        path: What was opened, a file or a folder.
        files: The files read, in the order in which their rows come.
        format: How the files are written.
        columns: Names of the columns, unique, in the order of the first file.
        header: Whether CSV files start with the names of the columns; None for other formats.
        delimiter: What separates the cells of a CSV file; None for other formats.
        known_after_labelling: Columns that exist only once a row is labelled (the confidences in a Ground Truth
            manifest), so that nothing may be learned from them.
        renamed: Names that several columns of a CSV file have: the second is known as `NAME (2)`, and so on.
    """

    format: Format
    header: bool | None = None
    delimiter: str | None = None
    known_after_labelling: tuple[str, ...] = ()
    renamed: tuple[str, ...] = ()

    def __init__(self, path: Path, files: Sequence[Path], columns: Sequence[str]) -> None:
        self.path = path
        self.files = tuple(files)
        self.columns = check_columns(path, columns)

    def batches(self, columns: Sequence[str] | None = None, batch_rows: int = BATCH_ROWS) -> Iterator[pa.RecordBatch]:
        """Yield the rows in order, at most ``batch_rows`` at a time, so that memory stays bounded.

        Cells of CSV, JSON Lines and manifests are strings exactly as they stand in the file (null for JSON's null and
        for an absent key); Parquet's keep their types: bool, integers, float32 and float64, string, date, time,
        timestamp, duration or null. Nested cells are JSON text.

        Args:
            columns: The columns to read, in this order; all of them when None.
            batch_rows: The most rows in a batch.

        Raises:
            TableError: A column is not there, or the data turns out to be malformed.
        """
        wanted = list(self.columns if columns is None else columns)
        unknown = [name for name in wanted if name not in set(self.columns)]
        if unknown:
            raise TableError(f"{self.path} has no column {unknown[0]!r}; its columns are {listed(self.columns)}.")
        for batch in self._read(wanted, batch_rows):
            for start in range(0, batch.num_rows, batch_rows):
                yield batch.slice(start, batch_rows)

    def text_bytes(self) -> int:
        """Return the size of the files where cells are kept as the text that stands there; 0 for other formats."""
        return sum(file.stat().st_size for file in self.files) if self.format == "csv" else 0

    @abstractmethod
    def _read(self, columns: list[str], batch_rows: int) -> Iterator[pa.RecordBatch]:
        """Yield batches of exactly these columns, of any size."""


def check_columns(path: Path, columns: Sequence[str]) -> list[str]:
    """Return the names as a list, or raise TableError when there are too many or one stands twice."""
    if len(columns) > MAX_COLUMNS:
        raise TableError(f"{path} has {len(columns):,} columns, and at most {MAX_COLUMNS:,} are read.")
    seen: set[str] = set()
    for name in columns:
        if name in seen:
            raise TableError(f"{path} has two columns named {name!r}; rename one of them.")
        seen.add(name)
    return list(columns)


def listed(names: Sequence[str], limit: int = 12) -> str:
    """Return names as a readable list, cut short when it is long."""
    shown = ", ".join(names[:limit])
    return shown if len(names) <= limit else f"{shown} and {len(names) - limit:,} more"


def suggested(name: str, columns: Sequence[str]) -> str:
    """A question after the columns that are called nearly so; nothing where none is."""
    by_form = {column.lower().strip(): column for column in columns}
    forms = difflib.get_close_matches(name.lower().strip(), list(by_form), n=3, cutoff=0.6)
    return f"did you mean {' or '.join(by_form[form] for form in forms)}?" if forms else ""


def clipped(text: str, limit: int = 60) -> str:
    """Return a piece of somebody's data quoted and cut short, fit for a sentence on one line."""
    return repr(text if len(text) <= limit else text[:limit] + "…")
