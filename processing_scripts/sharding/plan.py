"""Which row goes where: the split, the fold and the label of every row, as one host decided them for all files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from inference.job import JobError
from processing_scripts.preparing.fitted import Fitted
from processing_scripts.preparing.out_of_fold import tables_from_json, tables_to_json
from processing_scripts.preparing.writing import Outputs
from processing_scripts.sharding.extract import Extract


@dataclass(frozen=True)
class Part:
    """One file's share of the plan: its number among the table's files, its rows' splits, folds and labels."""

    number: int
    splits: NDArray[np.uint8]
    folds: NDArray[np.uint8]
    labels: NDArray[np.float32]


def write_plan(outputs: Outputs, parts: Sequence[Extract], fitted: Fitted) -> None:
    """Write the plan; the order of the columns is that of the first file."""
    labels = fitted.target.values.astype(np.float32)
    start = 0
    for number, part in enumerate(parts):
        rows = slice(start, start + part.rows)
        table = pa.table({"split": fitted.splits[rows], "fold": fitted.folds[rows], "label": labels[rows]})
        pq.write_table(table, outputs.path(f"plan/rows-{number:05}.parquet"))
        start += part.rows
    content = {"files": [part.file for part in parts], "columns": parts[0].columns}
    outputs.write_json("plan/plan.json", {**content, "fold_tables": tables_to_json(fitted.fold_tables())})


class Plan:
    """A plan that was written elsewhere."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            raw = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
            self._files: list[str] = list(raw["files"])
            self.columns: list[str] = list(raw["columns"])
            self.fold_tables = tables_from_json(raw["fold_tables"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise JobError(f"there is no plan that merge_fits has left ({error}); run it again.") from error

    def part(self, file: str) -> Part:
        """One file's share, `file` being its path below the input; JobError where the file is not in the plan."""
        if file not in self._files:
            raise JobError(f"{file} was not there when the table was fitted; prepare it from the beginning.")
        number = self._files.index(file)
        table = pq.read_table(self._folder / f"rows-{number:05}.parquet")
        return Part(number, *(table.column(name).to_numpy() for name in ("split", "fold", "label")))
