"""Autopilot's metrics by its names, computed by the same functions that judge our own models."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from inference.scores import classes, precision_recall_f1, score

KINDS = {"BinaryClassification": "binary", "MulticlassClassification": "multiclass", "Regression": "regression"}
"""Our word for each of the service's problem types."""

OBJECTIVES = {
    "BinaryClassification": ("F1", "Accuracy", "AUC", "BalancedAccuracy", "Precision", "Recall"),
    "MulticlassClassification": ("Accuracy", "BalancedAccuracy", "F1macro", "PrecisionMacro", "RecallMacro"),
    "Regression": ("MSE", "RMSE", "MAE", "R2"),
}
"""What each problem type can be searched by, its default first. Source: API reference, AutoMLJobObjective."""

MINIMIZED = frozenset({"MSE", "RMSE", "MAE", "LogLoss"})
_NAMES = {
    "accuracy": "Accuracy",
    "auc": "AUC",
    "f1": "F1",
    "f1_macro": "F1macro",
    "log_loss": "LogLoss",
    "mae": "MAE",
    "precision": "Precision",
    "r2": "R2",
    "recall": "Recall",
    "rmse": "RMSE",
}


def measure(kind: str, truth: NDArray[np.generic], scores: NDArray[np.generic]) -> dict[str, float]:
    """Return every metric that is defined on these rows and finite, by the service's names."""
    found = {_NAMES[name]: value for name, value in score(kind, truth, scores).items()}
    if kind == "regression":
        found["MSE"] = found["RMSE"] ** 2
    else:
        found |= _by_class(kind, np.asarray(truth, dtype=np.int64), np.asarray(scores, dtype=np.float64))
    return {name: value for name, value in sorted(found.items()) if math.isfinite(value)}


def _by_class(kind: str, actual: NDArray[np.int64], scores: NDArray[np.float64]) -> dict[str, float]:
    predicted = classes(kind, scores)
    each = np.array([precision_recall_f1(actual == label, predicted == label) for label in np.unique(actual)])
    found = {"BalancedAccuracy": float(each[:, 1].mean())}
    if kind == "multiclass":
        found |= {"PrecisionMacro": float(each[:, 0].mean()), "RecallMacro": float(each[:, 1].mean())}
    return found
