"""Fits a categorical column: which levels get a feature of their own."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from inference.columns import Categorical, Ignored

MAX_LEVELS = 50
"""Levels with a feature of their own; the others share one."""
_FEWEST_ROWS = 3
"""A level with fewer training rows is rare: a split on it would learn a row by heart."""
_LEAST_COVER = 0.1
"""The share of rows that the kept levels must cover, or the column says little about any row."""


class CategoricalFit:
    """Counts the levels of a column; the order of updates and merges does not matter."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._missing = 0

    def update(self, codes: NDArray[np.int64], levels: list[str]) -> None:
        """Take the cells of more training rows, as `inference.arrays.texts` gives them."""
        counts = np.bincount(codes + 1, minlength=len(levels) + 1).tolist()
        self._missing += counts[0]
        for level, count in zip(levels, counts[1:], strict=True):
            if count:
                self._counts[level] += count

    def merge(self, other: CategoricalFit) -> None:
        """Take the rows of another fit."""
        self._counts.update(other._counts)
        self._missing += other._missing

    def finish(self, name: str, *, boolean: bool = False) -> Categorical | Ignored:
        """What was fitted, or why the column is of no use. The most frequent levels win, ties by their text."""
        ranked = sorted(self._counts.items(), key=lambda item: (-item[1], item[0]))
        if not ranked:
            return Ignored(name, "has no value in any training row")
        if len(ranked) == 1 and not self._missing:
            return Ignored(name, "has the same value in every training row")
        kept = [level for level, count in ranked[:MAX_LEVELS] if count >= _FEWEST_ROWS]
        present = sum(self._counts.values())
        if not kept or sum(self._counts[level] for level in kept) < _LEAST_COVER * present:
            return Ignored(name, f"has {len(ranked)} different texts, nearly every row its own")
        return Categorical(name, tuple(kept), other=len(kept) < len(ranked), missing=self._missing > 0, boolean=boolean)
