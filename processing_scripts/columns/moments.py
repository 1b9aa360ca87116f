"""Mean and spread of numbers, mergeable."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Moments:
    """Count, range, mean and standard deviation of numbers that come in pieces (Chan, Golub and LeVeque 1979)."""

    def __init__(self) -> None:
        self.count = 0
        self.minimum = math.inf
        self.maximum = -math.inf
        self.mean = 0.0
        self.whole = True
        self._squares = 0.0

    def update(self, values: NDArray[np.float64]) -> None:
        """Take in finite numbers."""
        if not values.size:
            return
        piece = Moments()
        piece.count = int(values.size)
        piece.minimum, piece.maximum = float(values.min()), float(values.max())
        with np.errstate(over="ignore", invalid="ignore"):
            piece.mean = float(values.mean())
            piece._squares = float(np.square(values - piece.mean).sum())
        piece.whole = bool((values == np.floor(values)).all())
        self.merge(piece)

    def merge(self, other: Moments) -> None:
        """Take in what was seen elsewhere."""
        if not other.count:
            return
        count = self.count + other.count
        gap = other.mean - self.mean
        self._squares += other._squares + gap * gap * (self.count / count) * other.count
        self.mean += gap * (other.count / count)
        self.count = count
        self.minimum = min(self.minimum, other.minimum)
        self.maximum = max(self.maximum, other.maximum)
        self.whole = self.whole and other.whole

    def to_json(self) -> dict[str, Any]:
        """What was seen, for `from_json` elsewhere; no range where nothing was."""
        found = {"count": self.count, "mean": self.mean, "squares": self._squares, "whole": self.whole}
        return {**found, "range": [self.minimum, self.maximum] if self.count else None}

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Moments:
        """The moments that `to_json` gave, to the bit."""
        found = cls()
        found.count, found.mean, found.whole = int(raw["count"]), float(raw["mean"]), bool(raw["whole"])
        found._squares = float(raw["squares"])
        if raw["range"] is not None:
            found.minimum, found.maximum = (float(end) for end in raw["range"])
        return found

    @property
    def deviation(self) -> float:
        """The standard deviation of the numbers seen (not of a sample)."""
        return math.sqrt(self._squares / self.count) if self.count else 0.0
