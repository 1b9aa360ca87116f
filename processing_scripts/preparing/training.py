"""What columns are fitted by: which rows train, what their target is, and how categories of many levels are encoded."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from processing_scripts.fitting.encoding import MOST_OUTPUTS
from processing_scripts.preparing.settings import FeatureSettings
from processing_scripts.preparing.target import Target

FOLDS = 5


@dataclass(frozen=True)
class Training:
    """The training rows of a table; `rows` and `folds` are of all its rows."""

    rows: NDArray[np.bool_]
    folds: NDArray[np.uint8]
    target: Target
    name: str
    settings: FeatureSettings

    @cached_property
    def numbers(self) -> tuple[tuple[str, ...], NDArray[np.float64]]:
        """Names of what a level may stand for, and each training row's part in it, (rows, names).

        No names where there are too many classes.
        """
        values = self.target.values[self.rows]
        if self.target.kind == "regression":
            return (f"mean of {self.name}",), values[:, None]
        labels = self.target.labels[1:] if self.target.kind == "binary" else self.target.labels
        if len(labels) > MOST_OUTPUTS:
            return (), np.empty((values.size, 0))
        first = len(self.target.labels) - len(labels)
        parts = (values[:, None] == np.arange(first, len(self.target.labels))).astype(np.float64)
        return tuple(f"share of {label}" for label in labels), parts
