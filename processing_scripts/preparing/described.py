"""What a column holds, by class and by split: for the profile, and for what drift is measured against."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from processing_scripts.fitting.numeric import sorted_quantiles
from processing_scripts.preparing.gathered_dates import DateColumn
from processing_scripts.preparing.gathered_levels import CategoricalColumn
from processing_scripts.preparing.gathered_numbers import NumericColumn
from processing_scripts.preparing.splitting import LEFT_OUT, TRAIN, Splits, draw
from processing_scripts.preparing.suspicion import drifts, tells
from processing_scripts.preparing.target import Target

QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
MOST_CLASSES = 10
"""With more classes than these, columns are not counted by class."""
MOST_DRAWN = 500_000
"""Rows by which a column of numbers or dates is said to tell the target or to be spread differently."""
_BINS = 20
_LEVELS = 10
_FENCE = 3.0
_CODE_BINS = 200
_LEAK = 0.95

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Seen:
    """What columns are held against: the target, the split of every row, and how many columns are looked at."""

    target: Target
    splits: Splits
    columns: int

    @cached_property
    def train(self) -> NDArray[np.bool_]:
        """Which rows train."""
        return np.asarray(self.splits == TRAIN)

    @cached_property
    def held(self) -> NDArray[np.bool_]:
        """Which rows validate or test."""
        return np.asarray((self.splits != TRAIN) & (self.splits != LEFT_OUT))

    @cached_property
    def drawn(self) -> Drawn:
        """Rows by which columns of numbers and dates are suspected: all of them, or as many as are looked at."""
        every = -(-self.splits.size // MOST_DRAWN)
        if every <= 1:
            return Drawn(slice(None), self)
        # One row of each so many, drawn: rows that go round (by hour, by shop) are met alike.
        places = draw(0, self.splits.size // every) % np.uint64(every)
        rows = np.arange(places.size) * every + places.astype(np.int64)
        target = replace(self.target, values=self.target.values[rows])
        return Drawn(rows, Seen(target, self.splits[rows], self.columns))

    @property
    def by_class(self) -> bool:
        """Whether columns are counted by class."""
        return 0 < len(self.target.labels) <= MOST_CLASSES

    def counted(self, places: NDArray[np.int64], size: int) -> NDArray[np.int64]:
        """How many rows of each class have each place, (classes, size); rows without a class are not counted."""
        keys = self.class_of_row.astype(np.int64)
        keys *= size
        keys += places
        return np.bincount(keys, minlength=(self._classes + 1) * size).reshape(-1, size)[:-1]

    @cached_property
    def sizes(self) -> NDArray[np.int64]:
        """How many rows each class has, and how many have none at the end."""
        return np.bincount(self.class_of_row, minlength=self._classes + 1)

    @cached_property
    def class_of_row(self) -> NDArray[np.uint8]:
        """The class of every row, of few; those without one come last."""
        return np.nan_to_num(self.target.values, nan=self._classes).astype(np.uint8)

    @property
    def _classes(self) -> int:
        return len(self.target.labels)


@dataclass(frozen=True)
class Drawn:
    """The numbers of some rows, and what is seen of them."""

    rows: NDArray[np.int64] | slice
    seen: Seen


def describe(
    column: NumericColumn | CategoricalColumn | DateColumn, seen: Seen, *, personal: bool
) -> tuple[dict[str, Any], dict[str, Any], Any, dict[str, Any] | None]:
    """What may be shown only where the column is not personal, what is suspicious, its cells, and its baseline."""
    if isinstance(column, CategoricalColumn):
        codes, levels = column.cells()
        return {**_levels(codes, levels, seen)}, _suspicion(codes, len(levels), seen), codes, column.baseline()
    values = column.cells()
    there = values[~np.isnan(values)]
    there.sort()
    drawn = seen.drawn
    codes, bins = binned(values[drawn.rows], drawn.seen.train, _CODE_BINS)
    suspicion = _suspicion(codes, bins, drawn.seen)
    counted = histogram(there)
    by_class = _by_class(values, counted, seen)
    if isinstance(column, DateColumn):
        days = {"min_date": _date(there[0]), "max_date": _date(there[-1])} if there.size else {}
        baseline = column.baseline(there, personal=personal)
        return {**days, "histogram": counted, **by_class}, suspicion, values, baseline
    shown = {**of_numbers(there), "histogram": counted, "outliers": _outliers(there), **by_class}
    return shown, suspicion, values, column.baseline(there)


def _date(seconds: float) -> str:
    return (dt.datetime(1970, 1, 1) + dt.timedelta(seconds=seconds)).date().isoformat()  # noqa: DTZ001 - a day alone


def of_numbers(values: Floats) -> dict[str, Any]:
    """What sorted numbers are like."""
    if values.size == 0:
        return {}
    quantiles = sorted_quantiles(values, np.array(QUANTILES))
    return {
        "min": float(values[0]),
        "max": float(values[-1]),
        "mean": float(values.mean()),
        "deviation": float(values.std()),
        "quantiles": {str(share): float(value) for share, value in zip(QUANTILES, quantiles, strict=True)},
    }


def histogram(values: Floats) -> dict[str, Any]:
    """Counts of sorted numbers in bins of equal width."""
    if values.size == 0:
        return {"edges": [], "counts": []}
    edges = np.histogram_bin_edges(values[[0, -1]], bins=_BINS)
    return {"edges": edges.tolist(), "counts": _counted(values, edges)}


def _counted(values: Floats, edges: Floats) -> list[int]:
    """Counts of sorted numbers between edges, the last one belonging to its bin."""
    places = np.searchsorted(values, edges, side="left")
    places[-1] = values.size
    return [int(count) for count in np.diff(places)]


def _by_class(values: Floats, counted: dict[str, Any], seen: Seen) -> dict[str, Any]:
    """Counts of numbers in the bins of `counted`, for each class: the largest has what the others have not."""
    if not seen.by_class or not counted["edges"]:
        return {}
    edges, found, left = np.array(counted["edges"]), {}, np.array(counted["counts"])
    sizes = seen.sizes
    largest = int(np.argmax(sizes[:-1]))
    for place in np.flatnonzero(sizes).tolist():
        if place != largest:
            own = values[seen.class_of_row == place]
            own = own[~np.isnan(own)]
            own.sort()
            found[place] = _counted(own, edges)
            left = left - found[place]
    found[largest] = left.tolist()
    none = [0] * left.size
    return {"by_class": {label: found.get(place, none) for place, label in enumerate(seen.target.labels)}}


def _outliers(values: Floats) -> dict[str, Any]:
    """How many sorted numbers are further than three interquartile ranges beyond the quartiles."""
    if values.size == 0:
        return {"below": 0, "above": 0}
    first, third = sorted_quantiles(values, np.array([0.25, 0.75]))
    spread = _FENCE * (third - first)
    below = int(np.searchsorted(values, first - spread, side="left"))
    above = int(values.size - np.searchsorted(values, third + spread, side="right"))
    # A column that is mostly one value has no spread to judge the others by.
    return {"below": below, "above": above} if spread > 0 else {"below": 0, "above": 0}


def _levels(codes: NDArray[np.int64], levels: list[str], seen: Seen) -> dict[str, Any]:
    if not seen.by_class:
        return {}
    counts = np.bincount(codes + 1, minlength=len(levels) + 1)[1:]
    shown = sorted(np.flatnonzero(counts).tolist(), key=lambda code: (-counts[code], levels[code]))[:_LEVELS]
    by_class = seen.counted(codes + 1, len(levels) + 1)[:, 1:]
    found = {label: row[shown].tolist() for label, row in zip(seen.target.labels, by_class, strict=True)}
    return {"levels": [levels[code][:100] for code in shown], "by_class": found}


def binned(values: Floats, train: NDArray[np.bool_], bins: int) -> tuple[NDArray[np.int64], int]:
    """Codes of numbers by ranges that hold about as many training rows each, -1 for missing ones, and their number."""
    known = values[train]
    known = known[~np.isnan(known)]
    known.sort()
    edges = np.unique(sorted_quantiles(known, np.linspace(0, 1, bins + 1)[1:-1])) if known.size else np.empty(0)
    codes = np.searchsorted(edges, values, side="left").astype(np.int64)
    codes[np.isnan(values)] = -1
    return codes, edges.size + 1


def _suspicion(codes: NDArray[np.int64], size: int, seen: Seen) -> dict[str, Any]:
    told = tells(codes, size, seen.target, seen.train, seen.held)
    found: dict[str, Any] = {} if told is None else {"tells": told, **({"leak": True} if told >= _LEAK else {})}
    moved = drifts(codes, size, seen.splits, seen.columns)
    return {**found, **({"drifts": moved} if moved else {})}
