"""Curves over all decision thresholds of a binary problem, thinned for files and charts.

`truth` holds 0 and 1, (n,), `scores` the probability of the positive class, (n,).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.scores import precision_recall_f1

MOST_POINTS = 200
_BINS = 10

Floats = NDArray[np.float64]
Truth = NDArray[np.int64]
Scores = NDArray[np.floating[Any]]
Curve = dict[str, list[float]]


def roc(truth: Truth, scores: Scores) -> Curve:
    """False and true positive rates from (0, 0) to (1, 1), at most 200 points; empty where one class is absent."""
    positives = int(np.sum(truth == 1))
    negatives = truth.size - positives
    if not positives or not negatives:
        return {"false_positive_rates": [], "true_positive_rates": []}
    _, called, hits = _steps(truth, scores)
    false = np.append(0.0, (called - hits) / negatives)
    true = np.append(0.0, hits / positives)
    kept = _thinned(false + true)
    return {"false_positive_rates": false[kept].tolist(), "true_positive_rates": true[kept].tolist()}


def precision_recall(truth: Truth, scores: Scores) -> Curve:
    """Precision at each recall, from the strictest threshold to the loosest; empty where nothing is positive."""
    positives = int(np.sum(truth == 1))
    if not positives:
        return {"precisions": [], "recalls": []}
    _, called, hits = _steps(truth, scores)
    recall, precision = hits / positives, hits / called
    kept = _thinned(recall + np.linspace(0.0, 1.0, recall.size))
    return {"precisions": precision[kept].tolist(), "recalls": recall[kept].tolist()}


def average_precision(truth: Truth, scores: Scores) -> float | None:
    """Precision averaged over the steps of recall; None where nothing is positive."""
    positives = int(np.sum(truth == 1))
    if not positives:
        return None
    _, called, hits = _steps(truth, scores)
    return float(np.sum(np.diff(np.append(0.0, hits / positives)) * hits / called))


def gain(truth: Truth, scores: Scores) -> Curve:
    """What share of the positives is found in the share of rows with the highest scores; from (0, 0) to (1, 1)."""
    positives = int(np.sum(truth == 1))
    if not positives:
        return {"rows": [], "found": []}
    _, called, hits = _steps(truth, scores)
    rows, found = np.append(0.0, called / truth.size), np.append(0.0, hits / positives)
    kept = _thinned(rows + found)
    return {"rows": rows[kept].tolist(), "found": found[kept].tolist()}


def calibration(truth: Truth, scores: Scores) -> dict[str, Any]:
    """How often rows of about one score are positive, in at most ten groups, with 95 % intervals (Wilson).

    Groups hold about as much doubt each, score times one less score: where positives are rare, groups of one size would
    all but one lie at zero. `error` is the expected calibration error: the mean distance between score and share,
    weighted by rows.
    """
    order = np.argsort(scores, kind="stable")
    chances = scores[order].astype(np.float64)
    doubt = np.cumsum(chances * (1.0 - chances) + 1e-9)
    place = np.minimum(doubt / doubt[-1] * _BINS, _BINS - 1).astype(np.int64)
    groups = [order[place == number] for number in np.unique(place)]
    bins = []
    for part in groups:
        low, high = wilson(float(truth[part].sum()), part.size)
        mean, share = float(np.mean(scores[part], dtype=np.float64)), float(truth[part].mean())
        bins.append({"score": mean, "share": share, "low": low, "high": high, "rows": int(part.size)})
    error = sum(abs(each["score"] - each["share"]) * each["rows"] for each in bins) / truth.size
    brier = float(np.mean((scores.astype(np.float64) - truth) ** 2))
    return {"bins": bins, "error": error, "brier": brier}


def wilson(hits: float, rows: int) -> tuple[float, float]:
    """The 95 % interval of a share, which stays within 0 and 1 and says something of 0 in 10 as well."""
    z = 1.959963984540054
    share, weight = hits / rows, z * z / rows
    centre, half = share + weight / 2, z * float(np.sqrt(share * (1 - share) / rows + weight / (4 * rows)))
    return max(0.0, (centre - half) / (1 + weight)), min(1.0, (centre + half) / (1 + weight))


def by_threshold(truth: Truth, scores: Scores, costs: tuple[float, float] | None) -> dict[str, list[float]]:
    """Precision, recall, F1 and, where errors cost something, the cost of a row, over thresholds from 0 to 1."""
    found: dict[str, list[float]] = {}
    actual = truth == 1
    for threshold in np.linspace(0.0, 1.0, 101):
        called = scores >= threshold
        precision, recall, f1 = precision_recall_f1(actual, called)
        measures = {"threshold": float(threshold), "precision": precision, "recall": recall, "f1": f1}
        if costs is not None:
            measures["cost"] = mean_cost(actual, called, costs)
        for name, value in measures.items():
            found.setdefault(name, []).append(value)
    return found


def mean_cost(actual: NDArray[np.bool_], called: NDArray[np.bool_], costs: tuple[float, float]) -> float:
    """What the errors cost for each row; `costs` are those of a false positive and of a false negative."""
    false_positive, false_negative = costs
    wrong = false_positive * np.sum(called & ~actual) + false_negative * np.sum(~called & actual)
    return float(wrong / actual.size)


def _steps(truth: Truth, scores: Scores) -> tuple[Floats, Floats, Floats]:
    """Each score as a threshold, the highest first: how many rows are called positive, and how many of them are."""
    order = np.argsort(-scores, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(scores[order])), truth.size - 1)
    hits = np.cumsum(truth[order] == 1)[ends]
    return scores[order][ends].astype(np.float64), ends + 1.0, hits.astype(np.float64)


def _thinned(length: Floats) -> NDArray[np.int64]:
    """Places evenly spaced along a curve's length rather than by threshold: the steep part keeps its shape."""
    if length.size <= MOST_POINTS:
        return np.arange(length.size)
    places = np.linspace(0.0, float(length[-1]), MOST_POINTS)
    return np.asarray(np.unique(np.searchsorted(length, places).clip(0, length.size - 1)))
