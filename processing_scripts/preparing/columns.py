"""Decides what becomes of each input column and fits it on the training rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.bulk import numbers, texts
from inference.cells import cell_level
from inference.columns import Column, Ignored
from processing_scripts.columns import Summary
from processing_scripts.drifting.baseline import LevelCounts, numeric_baseline
from processing_scripts.fitting.categorical import CategoricalFit
from processing_scripts.fitting.numeric import NumericFit
from processing_scripts.preparing.splitting import TRAIN

_UNUSED = {
    "date": "holds dates, which no feature is made of yet",
    "constant": "has the same value in every row",
    "all-missing": "has no value in any row",
}


class NumericColumn:
    """Gathers a column of numbers: all rows for the profile, the training rows for the fit."""

    def __init__(self, name: str, tokens: frozenset[str]) -> None:
        self._name = name
        self._tokens = tokens
        self._parts: list[NDArray[np.float64]] = []
        self._strays: frozenset[str] = frozenset()
        self._fit = NumericFit()

    def update(self, cells: Any, splits: NDArray[np.uint8]) -> None:
        """Take more rows with their splits."""
        values, strays = numbers(cells, self._tokens)
        self._parts.append(values)
        self._strays |= strays
        self._fit.update(values[splits == TRAIN])

    def finish(self) -> Column:
        """What was fitted."""
        return self._fit.finish(self._name, self._strays)

    def values(self) -> NDArray[np.float64]:
        """The numbers of all rows, sorted, missing ones left out."""
        values = np.concatenate([np.empty(0), *self._parts])
        return np.sort(values[~np.isnan(values)])

    def baseline(self) -> dict[str, Any]:
        """What drift is measured against."""
        rows = sum(part.size for part in self._parts)
        return {"name": self._name, "also_missing": sorted(self._strays), **numeric_baseline(self.values(), rows)}


class CategoricalColumn:
    """Gathers a column of categories."""

    def __init__(self, name: str, tokens: frozenset[str]) -> None:
        self._name = name
        self._tokens = tokens
        self._fit = CategoricalFit()
        self._baseline = LevelCounts()

    def update(self, cells: Any, splits: NDArray[np.uint8]) -> None:
        """Take more rows with their splits."""
        codes, levels = texts(cells, self._tokens, cell_level)
        self._fit.update(codes[splits == TRAIN], levels)
        self._baseline.update(codes, levels)

    def finish(self) -> Column:
        """What was fitted."""
        return self._fit.finish(self._name)

    def baseline(self) -> dict[str, Any]:
        """What drift is measured against."""
        return {"name": self._name, **self._baseline.finish()}


class UnusedColumn:
    """A column that is left out for a reason known beforehand."""

    def __init__(self, name: str, reason: str) -> None:
        self._ignored = Ignored(name, reason)

    def update(self, cells: Any, splits: NDArray[np.uint8]) -> None:
        """Nothing is learned from it."""

    def finish(self) -> Column:
        """The reason."""
        return self._ignored


Planned = NumericColumn | CategoricalColumn | UnusedColumn


def plan(summaries: Mapping[str, Summary], reasons: Mapping[str, str], tokens: frozenset[str]) -> dict[str, Planned]:
    """What to do with each column, by its summary; `reasons` names columns that are left out whatever they hold."""
    return {name: _plan(summary, reasons.get(name, ""), tokens) for name, summary in summaries.items()}


def _plan(summary: Summary, reason: str, tokens: frozenset[str]) -> Planned:
    if not reason and summary.kind == "identifier":
        reason = f"looks like an identifier ({summary.why})"
    reason = reason or _UNUSED.get(summary.kind, "")
    if reason:
        return UnusedColumn(summary.name, reason)
    kind = NumericColumn if summary.kind == "numeric" else CategoricalColumn
    return kind(summary.name, tokens)
