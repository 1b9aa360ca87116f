"""Cross-validation of a small table: ten validation rows say next to nothing, a hundred rows that take turns say more.

Trees are grown with the settings and the number of rounds of the model itself. Each row is scored by trees that did not
see it; medians, scales and vocabularies are those of the training rows, which is all that a fold's own rows give away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.features import Features
from inference.predict import import_xgboost
from inference.scores import classes, score
from training_scripts.boosting import parameters
from training_scripts.channels import Job
from training_scripts.report import say
from training_scripts.weights import weighing

MOST_ROWS = 300
"""Rows for training and validation together from which on the validation rows are enough."""
FOLDS, REPEATS = 5, 3

Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Folds:
    """Labels and out-of-fold scores, one repeat after the other, and which fold of them each row belongs to."""

    kind: str
    labels: NDArray[np.float32]
    scores: NDArray[np.float32]
    fold: Indices

    def to_json(self, features: Features) -> dict[str, Any]:
        """Mean and standard deviation of each metric over the folds, at the threshold in `features`."""
        values = self.scores.astype(np.float64)
        predicted = None if self.kind == "regression" else classes(self.kind, values, features.threshold)
        each: dict[str, list[float]] = {}
        for number in np.unique(self.fold):
            own = self.fold == number
            named = None if predicted is None else predicted[own]
            for name, value in score(self.kind, self.labels[own], values[own], named).items():
                each.setdefault(name, []).append(value)
        metrics = {
            name: {"mean": float(np.mean(found)), "standard_deviation": float(np.std(found, ddof=1))}
            for name, found in each.items()
            if len(found) > 1
        }
        return {"folds": FOLDS, "repeats": REPEATS, "rows": self.labels.size // REPEATS, "metrics": metrics}


def cross_validate(job: Job, chosen: Mapping[str, int | float], rounds: int) -> Folds | None:
    """Score training and validation rows out of fold; None for a table that is not small."""
    matrix = np.concatenate([job.train.features, job.validation.features])
    labels = np.concatenate([job.train.labels, job.validation.labels])
    if not FOLDS * 2 <= len(labels) <= MOST_ROWS:
        return None
    say(f"Cross-validating {len(labels)} rows in {FOLDS} folds, {REPEATS} times: few rows stand to validate with.")
    seed = int(chosen["seed"])
    random = np.random.default_rng(seed)
    parts = [_dealt(job.features.kind, labels, random) for _ in range(REPEATS)]
    scores = [_score(job.features, matrix, labels, fold, chosen, rounds) for fold in parts]
    folds = np.concatenate([fold + FOLDS * number for number, fold in enumerate(parts)])
    return Folds(job.features.kind, np.tile(labels, REPEATS), np.concatenate(scores), folds)


def _dealt(kind: str, labels: NDArray[np.float32], random: np.random.Generator) -> Indices:
    """Deal rows to folds like cards, class by class (by size for numbers): each fold holds about the same of each."""
    shuffled = random.permutation(len(labels))
    keys = labels[shuffled]
    order = shuffled[np.argsort(keys, kind="stable")]
    fold = np.empty(len(labels), dtype=np.int64)
    if kind == "regression":
        # Within each run of FOLDS neighbours a different fold comes first, or one would get the smallest of each.
        deals = [random.permutation(FOLDS) for _ in range(-(-len(labels) // FOLDS))]
        fold[order] = np.concatenate(deals)[: len(labels)]
    else:
        fold[order] = np.arange(len(labels)) % FOLDS
    return fold


def _score(
    features: Features,
    matrix: NDArray[np.float32],
    labels: NDArray[np.float32],
    fold: Indices,
    chosen: Mapping[str, int | float],
    rounds: int,
) -> NDArray[np.float32]:
    xgboost = import_xgboost()
    found: NDArray[np.float32] | None = None
    for number in range(FOLDS):
        kept = fold != number
        weights = weighing(features, labels[kept], chosen)(labels[kept])
        data = xgboost.QuantileDMatrix(matrix[kept], labels[kept], weight=weights, max_bin=chosen["max_bin"], nthread=1)
        booster = xgboost.train(parameters(features, chosen, 1), data, rounds)
        scores = np.asarray(booster.inplace_predict(matrix[~kept]), dtype=np.float32)
        if found is None:
            found = np.empty((len(labels), *scores.shape[1:]), dtype=np.float32)
        found[~kept] = scores
    assert found is not None  # noqa: S101 - there are folds
    return found
