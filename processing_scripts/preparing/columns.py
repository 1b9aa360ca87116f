"""Decides what becomes of each input column."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.columns import Column, Ignored
from processing_scripts.columns import Summary
from processing_scripts.fitting.spill import Spill
from processing_scripts.preparing.gathered_dates import DateColumn
from processing_scripts.preparing.gathered_levels import CategoricalColumn
from processing_scripts.preparing.gathered_numbers import NumericColumn
from processing_scripts.preparing.settings import Settings
from processing_scripts.preparing.training import Training

_UNUSED = {
    "constant": "has the same value in every row",
    "all-missing": "has no value in any row",
}


_AMBIGUOUS = "holds dates of which nothing says whether the day or the month comes first"


class UnusedColumn:
    """A column that is left out for a reason known beforehand."""

    fold_table = None

    def __init__(self, name: str, reason: str) -> None:
        self._ignored = Ignored(name, reason)

    def update(self, cells: Any) -> NDArray[np.uint64] | None:
        """Nothing is learned from it."""

    def finish(self, training: Training) -> Column:  # noqa: ARG002 - as of other columns
        """The reason."""
        return self._ignored


Planned = NumericColumn | CategoricalColumn | DateColumn | UnusedColumn


def plan(
    summaries: Mapping[str, Summary],
    reasons: Mapping[str, str],
    tokens: frozenset[str],
    settings: Settings,
    decoded: Mapping[str, Spill],
) -> dict[str, Planned]:
    """What to do with each column, by its summary.

    Args:
        summaries: What each column holds.
        reasons: Why columns are left out whatever they hold, by name.
        tokens: Texts that mean a missing cell.
        settings: What the problem says.
        decoded: The numbers of columns whose cells need not be read again.
    """
    return {
        name: _plan(summary, reasons.get(name, ""), tokens, settings, decoded.get(name))
        for name, summary in summaries.items()
    }


def _plan(summary: Summary, reason: str, tokens: frozenset[str], settings: Settings, decoded: Spill | None) -> Planned:
    if not reason and summary.kind == "identifier":
        reason = f"looks like an identifier ({summary.why})"
    reason = reason or _UNUSED.get(summary.kind, "")
    day_first, personal = summary.day_first, summary.name in settings.personal
    if not reason and summary.kind == "date" and summary.why:
        day_first = settings.features.day_first
        why = _AMBIGUOUS if personal else summary.why
        reason = f"{why} (`features.day_first` says it)" if day_first is None else ""
    if reason:
        return UnusedColumn(summary.name, reason)
    if summary.kind == "numeric":
        return NumericColumn(summary.name, tokens, summary.decimal, decoded, personal=personal)
    if summary.kind == "date":
        return DateColumn(summary.name, tokens, day_first)
    return CategoricalColumn(summary.name, tokens, boolean=summary.kind == "boolean", personal=personal)
