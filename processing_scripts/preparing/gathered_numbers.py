"""A column of numbers: gathered from all rows, fitted on the training rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.arrays import numbers
from inference.columns import Column, Numeric
from processing_scripts.drifting.baseline import numeric_baseline
from processing_scripts.fitting.numeric import NumericFit, rounded_down, rounded_up
from processing_scripts.fitting.spill import Spill
from processing_scripts.preparing.training import Training
from processing_scripts.preparing.units import Digests, digests_of_numbers


class NumericColumn:
    """Gathers a column of numbers.

    Args:
        name: The column.
        tokens: Texts that mean a missing cell.
        decimal: How numbers are written, empty for plain ones.
        decoded: The numbers of all rows, where they are known already.
        personal: Whether no single number may be told of what is written.
    """

    fold_table = None

    def __init__(
        self,
        name: str,
        tokens: frozenset[str],
        decimal: str = "",
        decoded: Spill | None = None,
        *,
        personal: bool = False,
    ) -> None:
        self._name = name
        self._personal = personal
        self._tokens = tokens
        self._decimal = decimal
        self._decoded = decoded
        self._values = decoded or Spill(np.float64)
        self._rows = 0
        self._strays: frozenset[str] = frozenset()

    def update(self, cells: Any) -> Digests | None:
        """Take more rows; return digests of their cells."""
        self._rows += len(cells)
        if self._decoded is not None:
            return digests_of_numbers(self._decoded.part(self._rows - len(cells), self._rows))
        values, strays = numbers(cells, self._tokens, self._decimal)
        self._values.append(values)
        self._strays |= strays
        return digests_of_numbers(values)

    def finish(self, training: Training) -> Column:
        """What was fitted."""
        fit = NumericFit()
        fit.update(self._values.read()[training.rows])
        found = fit.finish(self._name, self._strays, self._decimal)
        if self._personal and isinstance(found, Numeric):
            return replace(found, low=rounded_down(found.low), high=rounded_up(found.high))
        return found

    def cells(self) -> NDArray[np.float64]:
        """The numbers of all rows, NaN for missing ones."""
        return self._values.read()

    def part(self, start: int, stop: int) -> NDArray[np.float64]:
        """The numbers of some rows."""
        return self._values.part(start, stop)

    def baseline(self, values: NDArray[np.float64]) -> dict[str, Any]:
        """What drift is measured against, by the sorted numbers that there are."""
        found = {"name": self._name, "also_missing": sorted(self._strays)}
        written = {"decimal": self._decimal} if self._decimal else {}
        return {**found, **written, **numeric_baseline(values, self._values.size, coarse=self._personal)}
