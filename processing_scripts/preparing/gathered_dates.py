"""A column of dates: gathered from all rows, fitted on the training rows."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.arrays import moments
from inference.columns import Column
from processing_scripts.drifting.baseline import DATE
from processing_scripts.fitting.dates import fit_dates
from processing_scripts.fitting.spill import Spill
from processing_scripts.preparing.training import Training
from processing_scripts.preparing.units import Digests, digests_of_numbers


class DateColumn:
    """Gathers a column of dates; `day_first` says how `3/4/2024` is meant."""

    fold_table = None

    def __init__(self, name: str, tokens: frozenset[str], day_first: bool | None) -> None:
        self._name = name
        self._tokens = tokens
        self._day_first = day_first
        self._seconds = Spill(np.float64)
        self._strays: frozenset[str] = frozenset()

    def update(self, cells: Any) -> Digests | None:
        """Take more rows; return digests of their cells."""
        seconds, strays = moments(cells, self._tokens, self._day_first)
        self._seconds.append(seconds)
        self._strays |= strays
        return digests_of_numbers(seconds)

    def finish(self, training: Training) -> Column:
        """What was fitted."""
        return fit_dates(self._name, self._seconds.read()[training.rows], self._day_first, self._strays)

    def cells(self) -> NDArray[np.float64]:
        """The seconds since 1970 of all rows, NaN for missing ones."""
        return self._seconds.read()

    def baseline(self, values: NDArray[np.float64], *, personal: bool) -> dict[str, Any]:
        """What drift is measured against, by the sorted moments that there are; of a personal column no moment."""
        found = {"name": self._name, "type": DATE, "rows": self._seconds.size}
        ends = {"first": float(values[0]), "last": float(values[-1])} if values.size and not personal else {}
        strays = {"also_missing": sorted(self._strays), "day_first": self._day_first}
        return {**found, "missing": self._seconds.size - values.size, **strays, **ends}

    def part(self, start: int, stop: int) -> NDArray[np.float64]:
        """The seconds of some rows."""
        return self._seconds.part(start, stop)
