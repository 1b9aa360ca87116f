"""Selects columns as the problem asks: by a filter, by a model's importances, or by eliminating the least of them.

Only training rows are looked at. Whole columns are kept or left out, so that what is served needs no cell of a column
that was not selected.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.columns import Column, Ignored
from inference.features import Features
from inference.job import JobError
from inference.predict import import_xgboost
from processing_scripts.preparing.columns import Planned, UnusedColumn
from processing_scripts.preparing.described import binned
from processing_scripts.preparing.gathered_features import GatheredFeatures
from processing_scripts.preparing.gathered_levels import CategoricalColumn
from processing_scripts.preparing.settings import Selection
from processing_scripts.preparing.training import Training

MOST_ROWS = 100_000
"""Training rows that a model which selects is trained on, evenly spread."""
_BINS = 20
_ROUNDS = 100
_DROPPED_AT_ONCE = 0.1
_WORDS = {
    "variance": "share of rows that differ from its most frequent value",
    "mutual_information": "mutual information with the target",
    "importance": "share in the gain of a model of all columns",
    "elimination": "order of elimination",
}

Scores = dict[str, float]


@dataclass(frozen=True)
class Selected:
    """What was selected: features whose other columns are ignored, and all columns with their scores, best first."""

    features: Features
    ranking: list[dict[str, Any]]


def select(
    features: Features, planned: Mapping[str, Planned], training: Training, settings: Selection, seed: int
) -> Selected:
    """Select among the used columns; raises JobError where none would be left."""
    if settings.by == "none":
        return Selected(features, [])
    model = _Model(features, planned, training, seed)
    made: dict[str, Callable[[], Scores]] = {
        "variance": lambda: _each(features, planned, training, _variance),
        "mutual_information": lambda: _each(features, planned, training, _information),
        "importance": lambda: model.shares([column.name for column in features.used]),
        "elimination": lambda: model.eliminated(settings.keep or 1),
    }
    scores = made[settings.by]()
    ranked = sorted(scores, key=lambda name: -scores[name])
    kept = {name for place, name in enumerate(ranked) if _is_kept(settings, place, scores[name])}
    if not kept:
        raise JobError(f"no column reaches the {_WORDS[settings.by]} that `selection.least` asks for; lower it.")
    places = {name: place for place, name in enumerate(ranked, 1)}
    columns: list[Column] = [
        column
        if isinstance(column, Ignored) or column.name in kept
        else Ignored(column.name, f"was not selected ({places[column.name]} of {len(ranked)} by {_WORDS[settings.by]})")
        for column in features.columns
    ]
    ranking = [{"column": name, "score": round(scores[name], 6), "kept": name in kept} for name in ranked]
    return Selected(replace(features, columns=tuple(columns)), ranking)


def _is_kept(settings: Selection, place: int, score: float) -> bool:
    return (settings.keep is None or place < settings.keep) and (settings.least is None or score >= settings.least)


def _each(
    features: Features,
    planned: Mapping[str, Planned],
    training: Training,
    score: Callable[[NDArray[np.int64], NDArray[np.int64]], float],
) -> Scores:
    """Score each column by its codes in the training rows and the target's; missing cells are a value of their own."""
    values = training.target.values
    if training.target.kind == "regression":
        target = binned(values, training.rows, _BINS)[0][training.rows]
    else:
        target = values[training.rows].astype(np.int64)
    found = {}
    for column in features.used:
        gathered = planned[column.name]
        if isinstance(gathered, UnusedColumn):
            continue
        if isinstance(gathered, CategoricalColumn):
            codes = gathered.cells()[0]
        elif score is _variance:
            codes = np.unique(gathered.cells(), return_inverse=True)[1]
        else:
            codes = binned(gathered.cells(), training.rows, _BINS)[0]
        found[column.name] = score(codes[training.rows] + 1, target)
    return found


def _variance(codes: NDArray[np.int64], target: NDArray[np.int64]) -> float:  # noqa: ARG001 - as of other scores
    return 1 - float(np.bincount(codes).max()) / codes.size


def _information(codes: NDArray[np.int64], target: NDArray[np.int64]) -> float:
    """Mutual information in nats, as scikit-learn's mutual_info_score."""
    width = int(target.max()) + 1
    joint = np.bincount(codes * width + target, minlength=(int(codes.max()) + 1) * width).reshape(-1, width)
    together = joint / codes.size
    apart = together.sum(axis=1, keepdims=True) * together.sum(axis=0, keepdims=True)
    there = together > 0
    return max(float(np.sum(together[there] * np.log(together[there] / apart[there]))), 0.0)


class _Model:
    """A small XGBoost model, trained with the same seed and one thread, so that it says the same everywhere."""

    def __init__(self, features: Features, planned: Mapping[str, Planned], training: Training, seed: int) -> None:
        self._features, self._planned, self._training, self._seed = features, planned, training, seed
        self._matrix: NDArray[np.float32] | None = None
        self._target: NDArray[np.float64] = np.empty(0)

    def shares(self, names: list[str]) -> Scores:
        """Each column's share in the gain of a model of the named columns."""
        matrix = self._sample()
        places = np.array([place for place, owner in enumerate(self._owners) if owner in names])
        xgboost = import_xgboost()
        data = xgboost.DMatrix(matrix[:, places], label=self._target, nthread=1)
        booster = xgboost.train(self._parameters(), data, num_boost_round=_ROUNDS)
        found = dict.fromkeys(names, 0.0)
        for feature, gain in booster.get_score(importance_type="total_gain").items():
            found[self._owners[places[int(feature.removeprefix("f"))]]] += gain
        total = sum(found.values()) or 1.0
        return {name: gain / total for name, gain in found.items()}

    def eliminated(self, keep: int) -> Scores:
        """Train and leave out the least columns until `keep` are left: a column's score is how long it stayed."""
        left = [column.name for column in self._features.used]
        scores: Scores = {}
        while True:
            shares = self.shares(left)
            ranked = sorted(left, key=lambda name: (shares[name], name))
            dropped = min(max(1, int(len(left) * _DROPPED_AT_ONCE)), len(left) - keep)
            if dropped <= 0:
                scores |= {name: float(len(scores) + place) for place, name in enumerate(ranked)}
                return scores
            for name in ranked[:dropped]:
                scores[name] = float(len(scores))
            left = [name for name in left if name not in scores]

    def _sample(self) -> NDArray[np.float32]:
        if self._matrix is None:
            rows = np.flatnonzero(self._training.rows)
            rows = rows[:: max(1, -(-rows.size // MOST_ROWS))]
            self._owners = [column.name for column in self._features.used for _ in column.features()]
            self._matrix = GatheredFeatures(self._features, self._planned).sample(rows, self._training.folds)
            self._target = self._training.target.values[rows]
        return self._matrix

    def _parameters(self) -> dict[str, Any]:
        kind, labels = self._training.target.kind, len(self._training.target.labels)
        objective = {"binary": "binary:logistic", "multiclass": "multi:softprob", "regression": "reg:squarederror"}
        several = {"num_class": labels} if kind == "multiclass" else {}
        return {"objective": objective[kind], "max_depth": 4, "eta": 0.2, "tree_method": "hist", "nthread": 1,
                "seed": self._seed, **several}  # fmt: skip
