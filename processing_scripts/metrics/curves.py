"""The receiver operating characteristic, thinned for files and charts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MOST_POINTS = 200


def roc(truth: NDArray[np.int64], scores: NDArray[np.float32]) -> dict[str, list[float]]:
    """False and true positive rates from (0, 0) to (1, 1), at most 200 points; empty where one class is absent."""
    positives = int(np.sum(truth == 1))
    negatives = truth.size - positives
    if not positives or not negatives:
        return {"false_positive_rates": [], "true_positive_rates": []}
    order = np.argsort(-scores, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(scores[order])), truth.size - 1)
    hits = np.cumsum(truth[order] == 1)[ends]
    false = np.append(0.0, (ends + 1 - hits) / negatives)
    true = np.append(0.0, hits / positives)
    if false.size > MOST_POINTS:
        # Evenly spaced along the curve's length rather than by threshold: the steep part keeps its shape.
        places = np.linspace(0.0, 2.0, MOST_POINTS)
        kept = np.unique(np.searchsorted(false + true, places).clip(0, false.size - 1))
        false, true = false[kept], true[kept]
    return {"false_positive_rates": false.tolist(), "true_positive_rates": true.tolist()}
