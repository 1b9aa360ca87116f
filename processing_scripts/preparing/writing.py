"""Writes the splits: features for all of them, raw rows for those that are looked at again."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from inference.cells import cell_text
from inference.features import LABEL, Features
from processing_scripts.preparing.raw import RawWriter
from processing_scripts.preparing.repeated import decoded
from processing_scripts.preparing.splitting import SPLITS, Splits

RAW_SPLITS = ("validation", "test")
SAMPLE_ROWS = 20
GATHERED_BYTES = 32 << 20
"""How much of a file is gathered before it is written."""
_HOW_FEATURES = {"use_dictionary": False, "write_statistics": False, "compression": "lz4"}
"""Feature files are read whole, once or twice, and each number is there: this writes and reads them soonest."""

FeaturesOf = Callable[[NDArray[np.int64]], NDArray[np.float32]]
"""What gives the features of some rows of a batch, all of one split, by their places in it: (rows, features)."""


class Outputs:
    """The output files, each under a temporary name beside its place until all of them are written.

    Every output folder may be a mount of its own, so a file is never moved from one folder to another.
    """

    def __init__(self, output: Path) -> None:
        self._output = output
        self._files: list[Path] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for path in self._files:
            if error is None:
                _temporary(path).replace(path)
            else:
                _temporary(path).unlink(missing_ok=True)

    def path(self, name: str) -> Path:
        """Where to write the file `name` (`train/features-00000.parquet`) for now."""
        path = self._output / name
        path.parent.mkdir(parents=True, exist_ok=True)
        self._files.append(path)
        return _temporary(path)

    def write_json(self, name: str, content: object) -> None:
        """Write a JSON file; a number that is not finite is a mistake of ours and raises ValueError."""
        text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
        self.path(name).write_text(text, encoding="utf-8")


def _temporary(path: Path) -> Path:
    return path.with_name(f".{path.name}")


class Gathered:
    """A Parquet file whose tables are gathered into row groups: many small ones take long to write and to read."""

    def __init__(self, path: Path, schema: pa.Schema, **how: Any) -> None:
        self._writer = pq.ParquetWriter(path, schema, **how)
        self._tables: list[pa.Table] = []
        self._size = 0

    def write(self, table: pa.Table) -> None:
        """Take more rows, in memory for now."""
        self._tables.append(table)
        self._size += table.nbytes
        if self._size > GATHERED_BYTES:
            self._flush()

    def close(self) -> None:
        """Write what is left and finish the file."""
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if self._tables:
            self._writer.write_table(pa.concat_tables(self._tables))
        self._tables, self._size = [], 0


class SplitWriter:
    """Writes batches of rows into the files of their splits; `number` tells the files of a table's parts apart.

    With `raw`, rows are also written as AutoML takes them.
    """

    def __init__(
        self, outputs: Outputs, features: Features, raw_schema: pa.Schema, number: int = 0, *, raw: bool = False
    ) -> None:
        names = [*features.feature_names(), LABEL]
        self._schema = pa.schema([pa.field(name, pa.float32(), nullable=False) for name in names])
        self._features = {
            name: Gathered(outputs.path(f"{name}/features-{number:05}.parquet"), self._schema, **_HOW_FEATURES)
            for name in SPLITS
        }
        raw_paths = {name: outputs.path(f"{name}/rows-{number:05}.parquet") for name in RAW_SPLITS}
        self._rows = {name: Gathered(path, raw_schema) for name, path in raw_paths.items()}
        self._samples: list[dict[str, Any]] = []
        self._raw = RawWriter(outputs.path, features, number) if raw else None

    def write(self, batch: Any, features_of: FeaturesOf, labels: NDArray[np.float32], splits: Splits) -> None:
        """Write raw rows, their features and labels to where `splits` says."""
        for place, name in enumerate(SPLITS):
            rows = np.flatnonzero(splits == place)
            if rows.size == 0:
                continue
            columns = [*features_of(rows).T, labels[rows]]
            self._features[name].write(pa.table(columns, schema=self._schema))
            if self._raw is None and name not in self._rows:
                continue
            taken = decoded(batch.take(pa.array(rows)))
            if self._raw is not None:
                self._raw.write(name, taken, labels[rows])
            if name in self._rows:
                raw = pa.Table.from_batches([taken])
                self._rows[name].write(raw)
                if name == "validation" and len(self._samples) < SAMPLE_ROWS:
                    self._samples += raw.slice(0, SAMPLE_ROWS - len(self._samples)).to_pylist()

    def finish(self, target: str) -> list[dict[str, Any]]:
        """Finish the files and return the first raw validation rows as JSON objects, without the target."""
        for writer in (*self._features.values(), *self._rows.values()):
            writer.close()
        if self._raw is not None:
            self._raw.close()
        return [plain_row(row, target) for row in self._samples]


def plain_row(row: Mapping[str, Any], target: str) -> dict[str, Any]:
    """A raw row as a JSON object, without the target."""
    return {name: _json_cell(cell) for name, cell in row.items() if name != target}


def _json_cell(cell: object) -> object:
    if cell is None or (isinstance(cell, float) and not math.isfinite(cell)):
        return None
    return cell if isinstance(cell, str | int | float) else cell_text(cell)
