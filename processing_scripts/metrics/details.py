"""What the report draws about the candidate, the baseline and the champion."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from processing_scripts.metrics.confusion import confusion
from processing_scripts.metrics.curves import roc

MOST_PAIRS = 1_000
MOST_FEATURES = 30
_BINS = 30


def details(
    kind: str,
    metric: str,
    labels: tuple[str, ...],
    truth: NDArray[np.float32],
    scores: Mapping[str, NDArray[np.float32]],
    predicted: NDArray[np.int64] | None,
    found: Mapping[str, Mapping[str, float]],
    importance: list[tuple[str, float]],
) -> dict[str, Any]:
    """The content of details.json; `scores` and `found` are by model: candidate, baseline, champion.

    `predicted` holds the candidate's classes, and is None for regression.
    """
    content: dict[str, Any] = {
        "kind": kind,
        "metric": metric,
        "labels": list(labels),
        "models": {name: dict(values) for name, values in found.items()},
        "importance": [{"feature": name, "gain": share} for name, share in importance[:MOST_FEATURES]],
        "rows": int(truth.size),
    }
    candidate = scores["candidate"]
    if predicted is None:
        return content | _residuals(truth.astype(np.float64), candidate.astype(np.float64))
    actual = truth.astype(np.int64)
    content["confusion_matrix"] = confusion(actual, predicted, len(labels))
    if kind == "binary":
        content["roc"] = {name: roc(actual, values) for name, values in scores.items()}
    return content


def _residuals(actual: NDArray[np.float64], predicted: NDArray[np.float64]) -> dict[str, Any]:
    kept = np.linspace(0, actual.size - 1, min(actual.size, MOST_PAIRS)).astype(np.int64)
    counts, edges = np.histogram(predicted - actual, bins=_BINS)
    return {
        "predicted_vs_actual": np.column_stack([actual[kept], predicted[kept]]).tolist(),
        "residual_histogram": {"edges": edges.tolist(), "counts": counts.tolist()},
    }
