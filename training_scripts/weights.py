"""Weights that let rare classes count for more in training, as far as the problem asks for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from inference.features import Features
from inference.job import JobError

CLASS_BALANCE = "class_balance"
"""0 lets every row count the same, 1 every class; between them, the weights are those of 1 to that power."""

Labels = NDArray[np.float32]
Weights = NDArray[np.float32] | None


def weighing(
    features: Features, labels: Labels, chosen: Mapping[str, int | float], total: Callable[[int], int] = int
) -> Callable[[Labels], Weights]:
    """Return what gives the weight of rows by their labels, or None where all count the same.

    A class of c among n rows and k classes weighs (n / (k c)) ** class_balance; `total` sums a count over all hosts.
    Raises JobError for a target that has no classes.
    """
    balance = float(chosen.get(CLASS_BALANCE, 0))
    if balance == 0:
        return lambda _: None
    if features.kind == "regression":
        raise JobError(f"the hyperparameter {CLASS_BALANCE} weighs classes, and the target is a number; remove it.")
    places = range(len(features.labels))
    counts = np.array([max(1, total(int(np.sum(labels == place)))) for place in places], dtype=np.float64)
    weights = ((counts.sum() / (counts.size * counts)) ** balance).astype(np.float32)
    return lambda rows: np.asarray(weights[rows.astype(np.int64)])
