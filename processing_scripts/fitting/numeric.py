"""Fits a numeric column: median, clip bounds, mean and deviation."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from inference.columns import Ignored, Numeric

_FENCE = 5.0
"""Interquartile ranges beyond the quartiles from which on a value may be an outlier."""
_TAIL = 0.001
"""The share of rows on either side that may be clipped at all."""


class NumericFit:
    """Gathers the training cells of a column, NaN for missing ones; the order of updates and merges does not matter."""

    def __init__(self) -> None:
        self._parts: list[NDArray[np.float64]] = []
        self._missing = 0

    def update(self, values: NDArray[np.float64]) -> None:
        """Take the cells of more training rows."""
        gaps = np.isnan(values)
        self._missing += int(gaps.sum())
        self._parts.append(values[~gaps])

    def merge(self, other: NumericFit) -> None:
        """Take the rows of another fit."""
        self._parts += other._parts
        self._missing += other._missing

    def finish(self, name: str, also_missing: frozenset[str] = frozenset(), decimal: str = "") -> Numeric | Ignored:
        """What was fitted, or why the column is of no use. Quantiles are exact."""
        values = np.concatenate([np.empty(0), *self._parts])
        values.sort()
        if values.size == 0:
            return Ignored(name, "has no value in any training row")
        if values[0] == values[-1] and not self._missing:
            return Ignored(name, "has the same value in every training row")
        low, high = clip_bounds(values)
        clipped = np.clip(values, low, high, out=values)
        # Clipped numbers stay sorted.
        median = float(clipped[(clipped.size - 1) // 2] + clipped[clipped.size // 2]) / 2
        # What is standardised includes the imputed cells, as scikit-learn does it after its imputer.
        filled = np.concatenate([clipped, np.full(self._missing, median)])
        return Numeric(
            name=name,
            median=median,
            low=low,
            high=high,
            mean=float(filled.mean()),
            deviation=float(filled.std()) or 1.0,
            indicator=self._missing > 0,
            also_missing=tuple(sorted(also_missing)),
            decimal=decimal,
        )


def clip_bounds(values: NDArray[np.float64]) -> tuple[float, float]:
    """The range that sorted `values` are held to.

    It is the range of the training rows, unless a tail reaches beyond a fence far outside the quartiles. Then it ends
    at that fence, or at the last value but the outermost 0.1 %, whichever is wider: one absurd value loses its weight,
    a long tail keeps its order. A column that is mostly one value (zero-inflated) is judged by its other values.
    """
    first, third = sorted_quantiles(values, np.array([0.25, 0.75]))
    if first == third:
        others = values[values != first]
        first, third = (min(first, x[0]), max(third, x[1])) if (x := _quartiles(others)) else (first, third)
    spread = _FENCE * (third - first)
    edge = int(np.ceil(values.size * _TAIL))
    low, high = float(values[0]), float(values[-1])
    if high > third + spread:
        high = float(max(third + spread, values[-1 - edge]))
    if low < first - spread:
        low = float(min(first - spread, values[edge]))
    return low, high


def sorted_quantiles(values: NDArray[np.float64], shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Exact quantiles of sorted numbers, one at least, as numpy's own but without partitioning them again."""
    places = shares * (values.size - 1)
    below = np.floor(places).astype(np.int64)
    low, high = values[below], values[np.minimum(below + 1, values.size - 1)]
    part = places - below
    # numpy's way of interpolating, to the bit: from the nearer side.
    return np.asarray(np.where(part >= 0.5, high - (high - low) * (1 - part), low + (high - low) * part))


def rounded_down(value: float) -> float:
    """The next number of two significant digits that is not above."""
    nearest = float(f"{value:.1e}")
    if nearest <= value:
        return nearest
    step = 10.0 ** (math.floor(math.log10(abs(value))) - 1)
    return float(f"{nearest - step:.1e}")


def rounded_up(value: float) -> float:
    """The next number of two significant digits that is not below."""
    return -rounded_down(-value)


def _quartiles(values: NDArray[np.float64]) -> tuple[float, float] | None:
    if values.size == 0:
        return None
    first, third = sorted_quantiles(values, np.array([0.25, 0.75]))
    return float(first), float(third)
