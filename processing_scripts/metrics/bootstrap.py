"""How sure measures are: the bootstrap, drawing test rows with replacement, the same draws for all models.

Rows of a classification are drawn within their classes, so that each draw holds as many of a class as the test rows
do and a measure is defined on all draws or on none. Differences between models are taken draw by draw (paired), which
tells models apart that are good and bad on the same rows. Intervals are percentiles: 95 of 100 draws lie within.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from inference.scores import LOWER_IS_BETTER

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Measures = dict[str, Floats]
"""Values of each metric, (draws,)."""

MOST_DRAWS, LEAST_DRAWS = 1_000, 200
_MOST_DRAWN = 200_000_000
"""Rows drawn in all; beyond, there are fewer draws."""
_CHUNK_CELLS = 4_000_000
_TAIL = 2.5


@dataclass(frozen=True)
class Scores:
    """A model's scores as `inference.scores` takes them; `predicted` holds classes, (n,), None for values."""

    values: Floats
    predicted: Integers | None


@dataclass(frozen=True)
class Interval:
    """Where 95 of 100 draws lie, and how far they spread."""

    low: float
    high: float
    deviation: float

    def to_json(self) -> dict[str, float]:
        """The interval as files hold it."""
        return {"low": tidy(self.low), "high": tidy(self.high), "standard_deviation": tidy(self.deviation)}


def tidy(value: float) -> float:
    """A number with seven digits: what differs beyond them is the machine's."""
    return float(f"{value:.7g}")


def draws(kind: str, truth: NDArray[np.generic], models: Mapping[str, Scores], seed: int) -> dict[str, Measures]:
    """Every metric of every model on each draw of the test rows, the same draws for all; by model, then metric."""
    measures = {name: measure(kind, truth, scores) for name, scores in models.items()}
    found: dict[str, dict[str, list[Floats]]] = {name: {} for name in models}
    for weights in weightings(kind, truth, seed):
        for name, each in measures.items():
            for metric, values in each(weights).items():
                found[name].setdefault(metric, []).append(values)
    return {name: {metric: np.concatenate(parts) for metric, parts in each.items()} for name, each in found.items()}


def interval(values: Floats) -> Interval:
    """The interval of a metric's values, or of differences, (draws,)."""
    low, high = np.percentile(values, [_TAIL, 100.0 - _TAIL])
    return Interval(float(low), float(high), float(np.std(values, ddof=1)))


def better_by(metric: str, one: Floats, other: Floats) -> Floats:
    """By how much one model is better than another, draw by draw; positive is better whichever way the metric runs."""
    return other - one if metric in LOWER_IS_BETTER else one - other


def weightings(kind: str, truth: NDArray[np.generic], seed: int) -> Iterator[Floats]:
    """Yield how often each row is drawn, (draws, n), in chunks that fit in memory."""
    rows = truth.size
    groups = [np.arange(rows)] if kind == "regression" else [np.flatnonzero(truth == each) for each in np.unique(truth)]
    random = np.random.default_rng(seed)
    left = int(np.clip(_MOST_DRAWN // rows, LEAST_DRAWS, MOST_DRAWS))
    while left:
        size = min(left, max(1, _CHUNK_CELLS // rows))
        weights = np.zeros((size, rows))
        for row in weights:
            for group in groups:
                drawn = random.integers(0, group.size, group.size)
                row[group] = np.bincount(drawn, minlength=group.size)
        yield weights
        left -= size


def measure(kind: str, truth: NDArray[np.generic], scores: Scores) -> Callable[[Floats], Measures]:
    """Return what gives every metric of `inference.scores` for weights of the rows, (draws, n)."""
    if kind == "regression":
        return partial(_regression, np.asarray(truth, dtype=np.float64), scores.values)
    actual = np.asarray(truth, dtype=np.int64)
    assert scores.predicted is not None  # noqa: S101 - classes are named for all but regression
    if kind == "multiclass":
        losses = _losses(actual, scores.values)
        return partial(_multiclass, actual, scores.predicted, losses)
    losses = _losses(actual, np.column_stack([1.0 - scores.values, scores.values]))
    ranked = _Ranked(actual, scores.values) if 0 < actual.sum() < actual.size else None
    return partial(_binary, actual == 1, scores.predicted == 1, losses, ranked)


def _losses(actual: Integers, probabilities: Floats) -> Floats:
    tiny = np.finfo(np.float32).eps
    clipped = np.clip(probabilities, tiny, 1.0 - tiny)
    clipped /= clipped.sum(axis=1, keepdims=True)
    return np.asarray(-np.log(clipped[np.arange(actual.size), actual]))


class _Ranked:
    """Rows in the order of their scores, for the area under the ROC curve of any weights."""

    def __init__(self, actual: Integers, scores: Floats) -> None:
        self._order = np.argsort(scores, kind="stable")
        ordered = scores[self._order]
        self._starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
        self._positive = actual[self._order] == 1

    def area(self, weights: Floats) -> Floats:
        ordered = weights[:, self._order]
        positives = np.add.reduceat(np.where(self._positive, ordered, 0.0), self._starts, axis=1)
        negatives = np.add.reduceat(np.where(self._positive, 0.0, ordered), self._starts, axis=1)
        below = np.cumsum(negatives, axis=1) - negatives / 2.0
        return np.asarray(np.sum(positives * below, axis=1) / (positives.sum(axis=1) * negatives.sum(axis=1)))


def _binary(
    actual: NDArray[np.bool_], predicted: NDArray[np.bool_], losses: Floats, ranked: _Ranked | None, weights: Floats
) -> Measures:
    total = weights.sum(axis=1)
    hits, called, there = (weights @ each for each in (actual & predicted, predicted, actual))
    found = {
        "accuracy": weights @ (actual == predicted) / total,
        "precision": hits / np.maximum(called, 1.0),
        "recall": hits / np.maximum(there, 1.0),
        "f1": 2.0 * hits / np.maximum(called + there, 1.0),
    }
    if ranked is not None:
        found["auc"] = ranked.area(weights)
    return {**found, "log_loss": weights @ losses / total}


def _multiclass(actual: Integers, predicted: Integers, losses: Floats, weights: Floats) -> Measures:
    total = weights.sum(axis=1)
    sums, present = np.zeros(len(weights)), np.zeros(len(weights))
    for place in np.union1d(actual, predicted):
        hits = weights @ ((actual == place) & (predicted == place))
        size = weights @ (actual == place) + weights @ (predicted == place)
        sums += 2.0 * hits / np.maximum(size, 1.0)
        present += size > 0
    return {
        "accuracy": weights @ (actual == predicted) / total,
        "f1_macro": sums / present,
        "log_loss": weights @ losses / total,
    }


def _regression(actual: Floats, predicted: Floats, weights: Floats) -> Measures:
    total = weights.sum(axis=1)
    errors = predicted - actual
    squares = weights @ errors**2
    found = {"rmse": np.sqrt(squares / total), "mae": weights @ np.abs(errors) / total}
    centred = actual - actual.mean()
    spread = weights @ centred**2 - (weights @ centred) ** 2 / total
    defined = spread > 1e-12 * max(float(np.sum(centred**2)), 1e-300)
    if not defined.all():
        return found
    return {**found, "r2": 1.0 - squares / spread}
