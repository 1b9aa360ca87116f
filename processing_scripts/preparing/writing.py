"""Writes the splits: features for all of them, raw rows for those that are looked at again."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from inference.cells import cell_text
from inference.features import LABEL
from processing_scripts.preparing.splitting import SPLITS

RAW_SPLITS = ("validation", "test")
SAMPLE_ROWS = 20


class Outputs:
    """A folder under construction beside the outputs, whose content moves into place only when all of it is written."""

    def __init__(self, output: Path) -> None:
        self._output = output
        self.folder = output / ".unfinished"

    def __enter__(self) -> Self:
        shutil.rmtree(self.folder, ignore_errors=True)
        for name in (*SPLITS, "features", "profile"):
            (self.folder / name).mkdir(parents=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            for source in sorted(self.folder.glob("*/*")):
                place = self._output / source.relative_to(self.folder)
                place.parent.mkdir(parents=True, exist_ok=True)
                source.replace(place)
        shutil.rmtree(self.folder, ignore_errors=True)

    def write_json(self, name: str, content: object) -> None:
        """Write a JSON file; a number that is not finite is a mistake of ours and raises ValueError."""
        text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
        (self.folder / name).write_text(text, encoding="utf-8")


class SplitWriter:
    """Writes batches of rows into the files of their splits."""

    def __init__(self, folder: Path, feature_names: list[str], raw_schema: pa.Schema) -> None:
        schema = pa.schema([(name, pa.float32()) for name in [*feature_names, LABEL]])
        self._names = schema.names
        self._features = {
            name: pq.ParquetWriter(folder / name / "features-00000.parquet", schema, use_dictionary=False)
            for name in SPLITS
        }
        self._rows = {name: pq.ParquetWriter(folder / name / "rows-00000.parquet", raw_schema) for name in RAW_SPLITS}

    def write(
        self, batch: pa.RecordBatch, matrix: NDArray[np.float32], labels: NDArray[np.float32], splits: NDArray[np.uint8]
    ) -> None:
        """Write raw rows, their features and labels to where `splits` says."""
        for place, name in enumerate(SPLITS):
            rows = np.flatnonzero(splits == place)
            if rows.size == 0:
                continue
            columns = [*(matrix[rows, column] for column in range(matrix.shape[1])), labels[rows]]
            self._features[name].write_table(pa.table(columns, names=self._names))
            if name in self._rows:
                self._rows[name].write_table(pa.Table.from_batches([batch.take(pa.array(rows))]))

    def close(self) -> None:
        """Finish the files."""
        for writer in (*self._features.values(), *self._rows.values()):
            writer.close()


def sample_rows(folder: Path, target: str) -> list[dict[str, Any]]:
    """The first raw validation rows as JSON objects, without the target."""
    table = pq.read_table(folder / "validation" / "rows-00000.parquet").slice(0, SAMPLE_ROWS)
    return [_plain(row) for row in table.drop_columns([target]).to_pylist()]


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _json_cell(cell) for name, cell in row.items()}


def _json_cell(cell: object) -> object:
    if cell is None or (isinstance(cell, float) and not math.isfinite(cell)):
        return None
    return cell if isinstance(cell, str | int | float) else cell_text(cell)
