"""Fits a category of many levels: each stands for what the target is in its training rows, or for how frequent it is.

A training row must not be told its own answer. Its features come from the training rows of the other folds alone
(out of fold, as scikit-learn's TargetEncoder does it), while every other row, in validation, in the test and at
serving, gets what all training rows say. A level's mean is drawn towards the mean of all rows, as if `smoothing` rows
of that mean were added to the level's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.columns import Encoded

MOST_LEVELS = 10_000
"""Levels with numbers of their own; the others share one."""
FEWEST_ROWS = 3
"""A level with fewer training rows says nothing of its own."""
MOST_OUTPUTS = 10
"""With more classes than these, a level stands for its frequency."""

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class FoldTable:
    """What a column's levels stand for in the training rows of each fold: (levels + 2, folds, outputs).

    The last two places are those of other levels and of a missing cell.
    """

    places: dict[str, int]
    values: Floats

    def table(self, levels: Sequence[str]) -> Integers:
        """The place of each level, and of a missing cell at the end."""
        return np.array([*(self.places.get(level, len(self.places)) for level in levels), len(self.places) + 1])

    def fill(self, codes: Integers, table: Integers, folds: NDArray[np.uint8], out: NDArray[np.float32]) -> None:
        """Write the numbers of training rows, whose levels are given as codes into a `table`."""
        out[:] = self.values[table[codes], folds]


def encode_by_target(
    name: str, codes: Integers, levels: Sequence[str], targets: Floats, outputs: Sequence[str],
    folds: NDArray[np.uint8], fold_count: int, smoothing: float,
) -> tuple[Encoded, FoldTable]:  # fmt: skip
    """Fit on training rows: `codes` (n,) into `levels`, -1 where missing, and `targets` (n, outputs)."""
    kept, slots = _kept(codes, levels)
    size, width = len(kept) + 2, targets.shape[1]
    counts = np.zeros((fold_count, size))
    sums = np.zeros((fold_count, size, width))
    for fold in range(fold_count):
        rows = folds == fold
        counts[fold] = np.bincount(slots[rows], minlength=size)
        for place in range(width):
            sums[fold, :, place] = np.bincount(slots[rows], targets[rows, place], minlength=size)
    whole = _smoothed(sums.sum(axis=0), counts.sum(axis=0), smoothing)
    parts = [
        _smoothed(sums.sum(axis=0) - sums[f], counts.sum(axis=0) - counts[f], smoothing) for f in range(fold_count)
    ]
    table = np.stack(parts, axis=1)
    learned = table[slots, folds]
    mean, deviation = learned.mean(axis=0), learned.std(axis=0)
    deviation[deviation == 0] = 1.0
    encoded = _encoded(name, outputs, kept, (whole - mean) / deviation)
    return encoded, FoldTable({level: place for place, level in enumerate(kept)}, (table - mean) / deviation)


def encode_by_frequency(name: str, codes: Integers, levels: Sequence[str]) -> Encoded:
    """Fit on training rows: each level stands for its share of them, one that is rare or unseen for none."""
    kept, slots = _kept(codes, levels)
    counts = np.bincount(slots, minlength=len(kept) + 2).astype(np.float64)
    shares = counts / codes.size
    shares[len(kept)] = 0.0
    deviation = float(shares[slots].std()) or 1.0
    return _encoded(name, ("frequency",), kept, ((shares - shares[slots].mean()) / deviation)[:, None])


def _kept(codes: Integers, levels: Sequence[str]) -> tuple[list[str], Integers]:
    """The levels with numbers of their own, the most frequent first, ties by their text; and each row's place."""
    counts = np.bincount(codes[codes >= 0], minlength=len(levels))
    ranked = sorted(np.flatnonzero(counts >= FEWEST_ROWS).tolist(), key=lambda code: (-counts[code], levels[code]))
    kept = ranked[:MOST_LEVELS]
    table = np.full(len(levels) + 1, len(kept), dtype=np.int64)
    table[kept] = np.arange(len(kept))
    table[-1] = len(kept) + 1
    return [levels[code] for code in kept], table[codes]


def _smoothed(sums: Floats, counts: Floats, smoothing: float) -> Floats:
    prior = sums.sum(axis=0) / max(counts.sum(), 1.0)
    return np.asarray((sums + smoothing * prior) / (counts + smoothing)[:, None])


def _encoded(name: str, outputs: Sequence[str], kept: list[str], table: Floats) -> Encoded:
    rows = [tuple(row) for row in table.tolist()]
    return Encoded(name, tuple(outputs), tuple(kept), tuple(rows[:-2]), other=rows[-2], absent=rows[-1])
