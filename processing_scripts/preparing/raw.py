"""Rows as AutoML and its models take them: the columns that features are made of, with their values as they are.

Numbers are numbers, missing cells are empty, categories and classes are texts without line breaks, since batch
transform tells rows apart by lines.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from inference.arrays import moments, numbers, texts
from inference.columns import Categorical, Dates, FeaturesError, Numeric, spelling
from inference.features import Features

SAMPLE_ROWS = 20
SAMPLES = "samples"
"""What files of rows to show are called by, beside `rows`; the answers to them are no part of what is measured."""
#: Where each split goes; the rows to predict are known by the name of their split.
FOLDERS = {"train": "raw_train", "validation": "raw_validation", "test": "raw_test"}


def raw_columns(features: Features, columns: Mapping[str, Any]) -> dict[str, pa.Array]:
    """Return the used columns of a batch in their order, without the target.

    Raises FeaturesError for a column that is not there, or text where a number belongs.
    """
    absent = [column.name for column in features.used if column.name not in columns]
    if absent:
        raise FeaturesError(f"the rows lack the column {absent[0]}.")
    return {column.name: _cells(features, column, columns[column.name]) for column in features.used}


def _cells(features: Features, column: Any, array: Any) -> pa.Array:
    if isinstance(column, Dates):
        seconds, _ = moments(array, features.missing, column.day_first)
        gaps = np.isnan(seconds)
        written = np.datetime_as_string(np.where(gaps, 0, seconds).astype(np.int64).astype("datetime64[s]"))
        return pa.array(written.tolist(), pa.string(), mask=gaps)
    if not isinstance(column, Numeric):
        # As callers write them, though the column be personal: AutoML's models make their own features.
        spell = spelling(column.name, boolean=isinstance(column, Categorical) and column.boolean)
        return _levels(array, features.missing, spell)
    values, strays = numbers(array, features.missing, column.decimal)
    wrong = sorted(strays.difference(column.also_missing))
    if wrong:
        raise FeaturesError(f"column {column.name} takes numbers, and {wrong[0][:40]!r} is none.")
    return pa.array(values, mask=np.isnan(values))


def _levels(array: Any, missing: frozenset[str], spell: Callable[[object], str]) -> pa.Array:
    codes, levels = texts(array, missing, spell)
    on_one_line = pa.array([" ".join(level.splitlines()) for level in levels], pa.string())
    return on_one_line.take(pa.array(codes, mask=codes < 0))


def write_lines(file: IO[str], columns: Mapping[str, pa.Array]) -> None:
    """Write rows as CSV without a header."""
    cells: Iterable[tuple[Any, ...]] = zip(*(array.to_pylist() for array in columns.values()), strict=True)
    csv.writer(file, lineterminator="\n").writerows(cells)


class RawWriter:
    """Writes rows to train and validate on as Parquet with the target last, and rows to predict as CSV without it.

    Args:
        path: Gives the place to write a file at for now, by its name below the output.
        features: What was fitted.
        number: Tells the files of a table's parts apart.
    """

    def __init__(self, path: Callable[[str], Path], features: Features, number: int) -> None:
        self._path = path
        self._features = features
        self._number = number
        self._tables: dict[str, Any] = {}
        self._lines: IO[str] | None = None
        self._samples = Path()
        self._shown = 0

    def write(self, split: str, rows: Any, labels: NDArray[np.float32]) -> None:
        """Write a record batch of raw rows that all belong to a split."""
        by_name = dict(zip(rows.schema.names, rows.columns, strict=True))
        columns = raw_columns(self._features, by_name)
        if split == "test":
            write_lines(self._opened(), columns)
            self._show(columns)
            return
        table = pa.table({**columns, self._features.target: self._target(by_name, labels)})
        if split not in self._tables:
            place = self._path(f"{FOLDERS[split]}/rows-{self._number:05}.parquet")
            self._tables[split] = pq.ParquetWriter(place, table.schema)
        self._tables[split].write_table(table)

    def close(self) -> None:
        """Finish the files."""
        for writer in self._tables.values():
            writer.close()
        if self._lines is not None:
            self._lines.close()

    def _show(self, columns: Mapping[str, pa.Array]) -> None:
        """Have some rows predicted without their personal cells as well: whoever tries an endpoint is shown these."""
        personal = self._features.personal
        taken = min(len(next(iter(columns.values()))), SAMPLE_ROWS - self._shown)
        if not taken or not any(name in personal for name in columns):
            return
        if not self._shown:
            self._samples = self._path(f"{FOLDERS['test']}/{SAMPLES}-{self._number:05}.csv")
        shown = {name: pa.nulls(taken, array.type) if name in personal else array.slice(0, taken)
                 for name, array in columns.items()}  # fmt: skip
        with self._samples.open("a" if self._shown else "w", encoding="utf-8", newline="") as file:
            write_lines(file, shown)
        self._shown += taken

    def _opened(self) -> IO[str]:
        if self._lines is None:
            place = self._path(f"{FOLDERS['test']}/rows-{self._number:05}.csv")
            self._lines = place.open("w", encoding="utf-8", newline="")
        return self._lines

    def _target(self, columns: Mapping[str, Any], labels: NDArray[np.float32]) -> pa.Array:
        if self._features.kind == "regression":
            values, strays = numbers(columns[self._features.target], self._features.missing)
            # What is written as people write numbers was read for the whole column.
            return pa.array(labels.astype(np.float64) if strays else values)
        return pa.array(self._features.labels).take(pa.array(labels.astype(np.int64)))
