"""The pass over all rows that gathers what every column and the split need, each cell being read once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from processing_scripts.fitting.spill import Spill
from processing_scripts.preparing.columns import Planned, UnusedColumn
from processing_scripts.preparing.splitting import pieces
from processing_scripts.preparing.target import Target
from processing_scripts.preparing.units import Digests, digests_of_numbers, weights


class Gathering:
    """Hands cells to the columns that are learned from, and compares rows and columns by digests of their cells."""

    def __init__(self, planned: Mapping[str, Planned]) -> None:
        self._planned = planned
        self._learned = [name for name, column in planned.items() if not isinstance(column, UnusedColumn)]
        self._columns = dict.fromkeys(self._learned, 0)
        self._weights = weights(0, len(self._learned) + 1)
        """Of each column, and of the target."""
        self._rows = Spill(np.uint64)

    def update(self, start: int, batch: Any) -> None:
        """Take a batch of rows, `start` being the number of the first of them."""
        rows = np.zeros(batch.num_rows, dtype=np.uint64)
        places = weights(start, batch.num_rows)
        for name, weight in zip(self._learned, self._weights, strict=False):
            cells = self._planned[name].update(batch.column(name))
            if cells is not None:
                self._columns[name] = (self._columns[name] + int(np.dot(cells, places))) % (1 << 64)
                rows += cells * weight
        self._rows.append(rows)

    def same_rows(self, target: Target) -> Digests | None:
        """Digests of rows with their target, by which those that are the same are found; None for nothing learned."""
        if not self._learned:
            return None
        digests: NDArray[np.uint64] = self._rows.read()
        for part in pieces(digests.size):
            digests[part] += digests_of_numbers(target.values[part]) * self._weights[-1]
        without = np.flatnonzero(np.isnan(target.values))
        digests[without] = without.astype(np.uint64)
        return digests

    def same_columns(self) -> dict[str, str]:
        """The name of the earlier column that holds the same in every row, by the name of the later one."""
        leaders: dict[int, str] = {}
        found = {}
        for name, digest in self._columns.items():
            leader = leaders.setdefault(digest, name)
            if leader != name:
                found[name] = leader
        return found
