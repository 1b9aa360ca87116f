"""What a score is told as: a label with its probabilities, or a number."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.features import Features


def answers(features: Features, scores: NDArray[np.float32]) -> list[dict[str, Any]]:
    """One object per row: `score` for regression; `predicted_label` and `score`, the positive class's probability, for
    binary problems; `predicted_label` and `scores`, the probability of each class by its label, for several classes.

    Numbers have the fewest digits that give the same 32-bit number back.
    """
    if features.kind == "regression":
        return [{"score": short(value)} for value in scores]
    labels = features.labels
    if features.kind == "binary":
        called = (scores >= np.float32(features.threshold)).astype(int)
        return [
            {"predicted_label": labels[place], "score": short(value)}
            for place, value in zip(called, scores, strict=True)
        ]
    best = np.argmax(scores, axis=1)
    return [
        {"predicted_label": labels[place], "scores": dict(zip(labels, map(short, row), strict=True))}
        for place, row in zip(best, scores, strict=True)
    ]


def short(value: np.float32) -> float:
    """A 32-bit number as the Python float with the fewest digits that stands for it."""
    return float(str(value))
