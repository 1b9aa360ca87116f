"""Measures of predictions against the truth, in numpy, one number each.

Classification: `truth` holds class indices, (n,), and `scores` the probabilities: of the positive class, (n,), for
binary problems, of every class, (n, classes), for multiclass ones. Regression: both hold values, (n,).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

METRICS: dict[str, tuple[str, ...]] = {
    "binary": ("accuracy", "precision", "recall", "f1", "auc", "log_loss"),
    "multiclass": ("accuracy", "f1_macro", "log_loss"),
    "regression": ("rmse", "mae", "r2"),
}
"""The metrics that each kind of problem is measured by."""

LOWER_IS_BETTER = frozenset({"log_loss", "rmse", "mae"})


def classes(kind: str, scores: Floats, threshold: float = 0.5) -> Integers:
    """The class that scores speak for: from `threshold` on the positive class, else the most probable of several."""
    return (scores >= threshold).astype(np.int64) if kind == "binary" else np.argmax(scores, axis=1)


def score(
    kind: str, truth: NDArray[np.generic], scores: NDArray[np.generic], named: Integers | None = None
) -> dict[str, float]:
    """Every metric of `METRICS[kind]`; one that is not defined on this truth (one class only) is left out.

    `named` holds the classes that a model named, (n,), where it does not leave that to its scores.
    """
    values = np.asarray(scores, dtype=np.float64)
    if kind == "regression":
        return _regression(np.asarray(truth, dtype=np.float64), values)
    actual = np.asarray(truth, dtype=np.int64)
    predicted = classes(kind, values) if named is None else named
    accuracy = float(np.mean(actual == predicted))
    if kind == "multiclass":
        f1 = f1_macro(actual, predicted)
        return {"accuracy": accuracy, "f1_macro": f1, "log_loss": log_loss(actual, values)}
    precision, recall, f1 = precision_recall_f1(actual == 1, predicted == 1)
    found = {"accuracy": accuracy, "precision": precision, "recall": recall, "f1": f1}
    if 0 < actual.sum() < actual.size:
        found["auc"] = auc(actual, values)
    return {**found, "log_loss": log_loss(actual, np.column_stack([1.0 - values, values]))}


def precision_recall_f1(actual: NDArray[np.bool_], predicted: NDArray[np.bool_]) -> tuple[float, float, float]:
    """Precision, recall and F1 of a class; 0 where nothing of it was predicted or is there."""
    hits = float(np.sum(actual & predicted))
    precision = hits / max(float(predicted.sum()), 1.0)
    recall = hits / max(float(actual.sum()), 1.0)
    return precision, recall, 2.0 * hits / max(float(predicted.sum() + actual.sum()), 1.0)


def f1_macro(actual: Integers, predicted: Integers) -> float:
    """The mean of the classes' F1, over the classes that are there or were predicted."""
    present = np.union1d(actual, predicted)
    return float(np.mean([precision_recall_f1(actual == place, predicted == place)[2] for place in present]))


def auc(actual: Integers, scores: Floats) -> float:
    """The probability that a positive row scores above a negative one, ties counted as one half."""
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2.0)[inverse]
    positives = int(actual.sum())
    negatives = actual.size - positives
    return float((ranks[actual == 1].sum() - positives * (positives + 1) / 2.0) / (positives * negatives))


def log_loss(actual: Integers, probabilities: Floats) -> float:
    """The mean negative logarithm of the probability given to the true class, kept finite as scikit-learn does it."""
    tiny = np.finfo(np.float32).eps
    clipped = np.clip(probabilities, tiny, 1.0 - tiny)
    clipped /= clipped.sum(axis=1, keepdims=True)
    return float(-np.mean(np.log(clipped[np.arange(actual.size), actual])))


def _regression(actual: Floats, predicted: Floats) -> dict[str, float]:
    errors = predicted - actual
    squares = float(np.sum(errors**2))
    spread = float(np.sum((actual - actual.mean()) ** 2))
    found: dict[str, float] = {"rmse": float(np.sqrt(squares / actual.size)), "mae": float(np.mean(np.abs(errors)))}
    return {**found, "r2": 1.0 - squares / spread} if spread > 0 else found
