"""Features made of what was gathered rather than of raw cells, which need not be read again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.bulk import fill_dates, fill_levels, fill_numeric, level_table
from inference.columns import Dates, Ignored, Numeric
from inference.features import Features
from processing_scripts.preparing.columns import Planned, UnusedColumn
from processing_scripts.preparing.gathered_levels import CategoricalColumn
from processing_scripts.preparing.splitting import TRAIN, Splits

Matrix = NDArray[np.float32]
Places = NDArray[np.int64]


class GatheredFeatures:
    """Makes the features of rows by their numbers; training rows get what the other folds say of their levels.

    For any other row it is bit for bit what `inference.bulk.BulkTransform` makes of its cells.
    """

    def __init__(self, features: Features, planned: Mapping[str, Planned]) -> None:
        self._columns: list[tuple[Any, Any, slice, Any, Any]] = []
        position = 0
        for column in features.columns:
            gathered = planned[column.name]
            if isinstance(column, Ignored) or isinstance(gathered, UnusedColumn):
                continue
            place = slice(position, position + len(column.features()))
            position = place.stop
            table, folded = None, None
            if isinstance(gathered, CategoricalColumn):
                table = level_table(column, gathered.levels)  # type: ignore[arg-type]
                folded = gathered.fold_table.table(gathered.levels) if gathered.fold_table is not None else None
            self._columns.append((column, gathered, place, table, folded))
        self.width = position

    def of_batch(self, start: int, splits: Splits, folds: NDArray[np.uint8]) -> Callable[[Places], Matrix]:
        """What makes features of some of the rows from `start` on, which have these splits and folds.

        The rows are given by their places among these, and are of one split.
        """
        parts = [gathered.part(start, start + splits.size) for _, gathered, *_ in self._columns]

        def matrix(rows: Places) -> Matrix:
            out = np.zeros((rows.size, self.width), dtype=np.float32, order="F")
            trained = splits[rows[0]] == TRAIN
            for (column, gathered, place, table, folded), cells in zip(self._columns, parts, strict=True):
                if folded is not None and trained:
                    gathered.fold_table.fill(cells[rows], folded, folds[rows], out[:, place])
                else:
                    _fill(column, cells[rows], table, out[:, place])
            return out

        return matrix

    def sample(self, rows: NDArray[np.int64], folds: NDArray[np.uint8]) -> Matrix:
        """Features of the training rows with these numbers; `folds` are of all rows of the table."""
        out = np.zeros((rows.size, self.width), dtype=np.float32, order="F")
        for column, gathered, place, table, folded in self._columns:
            cells = gathered.codes()[rows] if table is not None else gathered.cells()[rows]
            if folded is None:
                _fill(column, cells, table, out[:, place])
            else:
                gathered.fold_table.fill(cells, folded, folds[rows], out[:, place])
        return out


def _fill(column: Any, cells: Any, table: Any, out: Matrix) -> None:
    if isinstance(column, Numeric):
        fill_numeric(column, cells, out)
    elif isinstance(column, Dates):
        fill_dates(column, cells, out)
    else:
        fill_levels(column, cells, table, out)
