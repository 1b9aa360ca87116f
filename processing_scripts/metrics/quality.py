"""A model's measures in the form that the model registry shows (model quality statistics)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from processing_scripts.metrics.confusion import confusion
from processing_scripts.metrics.curves import roc

_GROUPS = {
    "binary": "binary_classification_metrics",
    "multiclass": "multiclass_classification_metrics",
    "regression": "regression_metrics",
}


def registry_form(
    kind: str,
    found: Mapping[str, float],
    truth: NDArray[np.float32],
    scores: NDArray[np.float32],
    predicted: NDArray[np.int64] | None,
    labels: int,
) -> dict[str, Any]:
    """The content of evaluation.json; `predicted` holds the classes, and is None for regression."""
    group: dict[str, Any] = {name: {"value": value} for name, value in found.items()}
    if predicted is None:
        group["mse"] = {"value": found["rmse"] ** 2}
    else:
        matrix = confusion(truth.astype(np.int64), predicted, labels)
        group["confusion_matrix"] = {
            str(actual): {str(predicted): count for predicted, count in enumerate(row)}
            for actual, row in enumerate(matrix)
        }
    if kind == "binary":
        group["receiver_operating_characteristic_curve"] = roc(truth.astype(np.int64), scores)
    return {_GROUPS[kind]: group}
