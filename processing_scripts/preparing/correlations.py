"""How columns of numbers, and the target, go together: correlations of ranks on a sample of the training rows."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from processing_scripts.preparing.described import Seen

MOST_COLUMNS = 20
MOST_ROWS = 20_000

Floats = NDArray[np.float64]


class Correlations:
    """Takes columns one by one; those of numbers are kept on evenly spread training rows."""

    def __init__(self, seen: Seen) -> None:
        rows = np.flatnonzero(seen.train)
        self._rows = rows[:: max(1, -(-rows.size // MOST_ROWS))]
        self._target = seen.target
        self._names: list[str] = []
        self._ranks: list[Floats] = []

    def add(self, name: str, cells: Any) -> None:
        """Take a column: its numbers or codes in all rows; only numbers are looked at, the first columns of them."""
        if cells is None or cells.dtype != np.float64 or len(self._names) >= MOST_COLUMNS:
            return
        self._names.append(name)
        self._ranks.append(_ranks(cells[self._rows]))

    def finish(self, target: str) -> dict[str, Any]:
        """Spearman's coefficients of all pairs, null where a column is constant; the target is last if ordered."""
        names, ranks = list(self._names), list(self._ranks)
        if len(self._target.labels) <= 2 and names:
            names.append(target)
            ranks.append(_ranks(self._target.values[self._rows]))
        values = [[_coefficient(left, right) for right in ranks] for left in ranks]
        return {"method": "spearman", "rows": int(self._rows.size), "columns": names, "values": values}


def _ranks(values: Floats) -> Floats:
    """The rank of each number, equal ones sharing the mean of theirs; a missing one has the middle rank."""
    there = ~np.isnan(values)
    found = np.zeros(values.size)
    if there.any():
        _, places, counts = np.unique(values[there], return_inverse=True, return_counts=True)
        last = np.cumsum(counts)
        ranks = (last - (counts - 1) / 2.0)[places]
        found[there] = ranks - ranks.mean()
    return found


def _coefficient(left: Floats, right: Floats) -> float | None:
    spread = float(np.sqrt(_product(left, left) * _product(right, right)))
    return round(_product(left, right) / spread, 4) if spread > 0 else None


def _product(left: Floats, right: Floats) -> float:
    # Not numpy's dot: its threads wait for each other busily, which takes longer than so little work.
    return float(np.sum(left * right))
