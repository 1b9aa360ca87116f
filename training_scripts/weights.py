"""Weights that let rare classes count for more in training, as far as the problem asks for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from inference.features import Features
from inference.job import JobError

CLASS_BALANCE = "class_balance"
"""0 lets every row count the same, 1 every class; between them, the weights are those of 1 to that power."""
POSITIVE_WEIGHT = "scale_pos_weight"
"""How much more a positive row of a binary problem counts; XGBoost knows it by itself."""
WEIGHING = (CLASS_BALANCE, POSITIVE_WEIGHT)

Labels = NDArray[np.float32]
Weights = NDArray[np.float32] | None
Weigh = Callable[[Labels], Weights]


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


def weighed(features: Features, labels: Labels, chosen: Mapping[str, int | float]) -> Weigh:
    """The same with the weight of positive rows, for a model that does not know that setting by itself."""
    by_class = weighing(features, labels, chosen)
    positive = np.float32(chosen.get(POSITIVE_WEIGHT, 1))
    if positive == 1 or features.kind != "binary":
        return by_class

    def weigh(rows: Labels) -> Weights:
        found = by_class(rows)
        return np.where(rows == 1, positive, np.float32(1)) * (1 if found is None else found)

    return weigh


def log_loss(labels: Labels, scores: NDArray[np.float32], counts: NDArray[np.float32]) -> float:
    """The mean of the logarithmic losses of rows by their classes, each counted by its weight."""
    rows, classes = np.arange(len(labels)), labels.astype(np.int64)
    chances = scores[rows, classes] if scores.ndim == 2 else np.where(classes == 1, scores, 1 - scores)
    losses = -np.log(np.clip(chances.astype(np.float64), np.finfo(np.float32).eps, 1))
    return float(np.average(losses, weights=counts))
