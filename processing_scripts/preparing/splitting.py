"""Which rows train, validate and test: 80, 10 and 10 percent, alike in every class or range of the target.

A row's place is drawn from the seed and the row's number alone, so the split is the same however the rows are chunked,
and on every platform and version of numpy.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

TRAIN, VALIDATION, TEST = 0, 1, 2
SPLITS = ("train", "validation", "test")
LEFT_OUT = 255
"""The split of a row that has no target."""

_SHARE = 0.1
_BINS = 20


def split_by_class(classes: NDArray[np.int64], seed: int) -> NDArray[np.uint8]:
    """The split of each row, by class index; -1 is a row left out.

    Every class with three rows or more is in all three splits.
    """
    return _split(classes, draw(seed, classes.size))


def split_by_value(values: NDArray[np.float64], seed: int) -> NDArray[np.uint8]:
    """The split of each row, alike in every twentieth of the target's range of quantiles; NaN is a row left out."""
    there = np.flatnonzero(~np.isnan(values))
    bins = np.full(values.size, -1, dtype=np.int64)
    ranked = there[np.argsort(values[there], kind="stable")]
    bins[ranked] = np.arange(ranked.size) * _BINS // max(ranked.size, 1)
    return _split(bins, draw(seed, values.size))


def draw(seed: int, rows: int) -> NDArray[np.uint64]:
    """A pseudo-random number for each row number (SplitMix64; Steele, Lea and Flood 2014)."""
    mask = (1 << 64) - 1
    start = (seed * 0x9E3779B97F4A7C15 + 0xD1B54A32D192ED03) & mask
    step = np.uint64(0x9E3779B97F4A7C15)
    mixed = np.uint64(start) + np.arange(1, rows + 1, dtype=np.uint64) * step
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def _split(strata: NDArray[np.int64], keys: NDArray[np.uint64]) -> NDArray[np.uint8]:
    splits = np.full(strata.size, LEFT_OUT, dtype=np.uint8)
    seen = 0
    for stratum in np.unique(strata[strata >= 0]):
        rows = np.flatnonzero(strata == stratum)
        rows = rows[np.argsort(keys[rows], kind="stable")]
        # Rounding what has been passed so far, not each stratum, keeps the whole at a tenth with many small strata.
        wanted = round((seen + rows.size) * _SHARE) - round(seen * _SHARE)
        seen += rows.size
        held = wanted if rows.size < 3 else max(wanted, 1)
        splits[rows] = TRAIN
        splits[rows[:held]] = TEST
        splits[rows[held : 2 * held]] = VALIDATION
    return splits
