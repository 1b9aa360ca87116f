"""Models of today's XGBoost of every kind that 1.3 can hold, small, trained once a session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.predict import import_xgboost

COLUMNS = 8
ROWS = 100_000
TREES: Mapping[str, Any] = {"max_depth": 5, "nthread": 1, "seed": 7, "subsample": 0.8}

#: By name: the target, and what differs from TREES. The first three are what our own training sets.
KINDS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "binary": ("class", {"objective": "binary:logistic", "scale_pos_weight": 2.5, "gamma": 1.0}),
    "multiclass": ("classes", {"objective": "multi:softprob", "num_class": 4}),
    "regression": ("value", {"objective": "reg:squarederror", "lambda": 0.5, "alpha": 0.1}),
    "one start for all classes": ("classes", {"objective": "multi:softprob", "num_class": 4, "base_score": 0.5}),
    "labels": ("classes", {"objective": "multi:softmax", "num_class": 4}),
    "margins": ("class", {"objective": "binary:logitraw"}),
    "hinge": ("class", {"objective": "binary:hinge"}),
    "share": ("class", {"objective": "reg:logistic"}),
    "absolute error": ("value", {"objective": "reg:absoluteerror"}),
    "quantile": ("value", {"objective": "reg:quantileerror", "quantile_alpha": 0.3}),
    "huber": ("value", {"objective": "reg:pseudohubererror", "huber_slope": 2.0}),
    "squared logarithms": ("positive", {"objective": "reg:squaredlogerror"}),
    "poisson": ("positive", {"objective": "count:poisson"}),
    "gamma": ("positive", {"objective": "reg:gamma"}),
    "tweedie": ("positive", {"objective": "reg:tweedie", "tweedie_variance_power": 1.3}),
    "cox": ("positive", {"objective": "survival:cox"}),
    "ranks by pairs": ("classes", {"objective": "rank:pairwise"}),
    "ranks by gain": ("classes", {"objective": "rank:ndcg"}),
    "ranks by precision": ("class", {"objective": "rank:map"}),
    "forest": ("class", {"objective": "binary:logistic", "num_parallel_tree": 3, "colsample_bynode": 0.6}),
    "pruned": ("class", {"objective": "binary:logistic", "tree_method": "exact", "gamma": 3.0, "max_depth": 6}),
    "deep": ("value", {"objective": "reg:squarederror", "max_depth": 11, "min_child_weight": 0.0}),
}


@dataclass(frozen=True)
class Trained:
    """A model's JSON file, and what today's XGBoost predicts with it for the rows."""

    json: Path
    predicted: NDArray[np.float32]


@dataclass(frozen=True)
class Data:
    """Rows to learn from, with their targets by name."""

    features: NDArray[np.float32]
    targets: Mapping[str, NDArray[np.float32]]


def data(rows: int, seed: int) -> Data:
    """Make rows with missing values, ties and interactions."""
    random = np.random.default_rng(seed)
    features = random.normal(size=(rows, COLUMNS)).astype(np.float32)
    features[:, -1] = random.integers(0, 5, rows)
    features[random.random(features.shape) < 0.15] = np.nan
    known = np.nan_to_num(features)
    score = known[:, 0] + known[:, 1] * known[:, 2] + random.normal(size=rows) / 2
    targets = {
        "class": score > 0,
        "classes": np.digitize(score, [-1.0, 0.0, 1.0]),
        "value": score * 3 + 7,
        "positive": np.exp(np.clip(score, -2, 2)),
    }
    return Data(features, {name: each.astype(np.float32) for name, each in targets.items()})


def rows() -> NDArray[np.float32]:
    """Make the rows to predict: missing, infinite, denormal and on thresholds among them."""
    random = np.random.default_rng(5)
    found = (random.normal(size=(ROWS, COLUMNS)) * 2).astype(np.float32)
    # Values of the training rows are beside thresholds, and often on them.
    seen = data(2_000, 1).features
    known = random.random(found.shape) < 0.4
    found[known] = seen[random.integers(0, len(seen), ROWS)][known]
    for value in (np.nan, np.inf, -np.inf, 1e-42, -0.0):
        found[random.random(found.shape) < 0.02] = value
    return found


def train(folder: Path, matrix: NDArray[np.float32]) -> dict[str, Trained]:
    """Train every kind, and one that stopped early with trees beyond its best round."""
    found = {}
    for name, (target, chosen) in KINDS.items():
        given = data(2_000, 1)
        booster = _booster({**TREES, **chosen}, given.features, given.targets[target], 12)
        found[name] = _kept(folder, name, booster, matrix)
    return {**found, "stopped early": _kept(folder, "stopped early", stopped_early(), matrix)}


def _booster(parameters: Mapping[str, Any], features: Any, target: Any, rounds: int) -> Any:
    xgboost = import_xgboost()
    groups = {"qid": np.arange(len(features)) // 50} if parameters["objective"].startswith("rank:") else {}
    return xgboost.train(dict(parameters), xgboost.DMatrix(features, target, nthread=1, **groups), rounds)


def stopped_early() -> Any:
    """Train until the validation rows no longer gain: the booster still has the trees beyond its best round."""
    xgboost = import_xgboost()
    given, other = data(2_000, 1), data(500, 2)
    train, validation = (xgboost.DMatrix(each.features, each.targets["class"], nthread=1) for each in (given, other))
    chosen = {**TREES, "objective": "binary:logistic", "eta": 0.6, "max_depth": 8}
    booster = xgboost.train(
        chosen, train, 200, evals=[(validation, "validation")], early_stopping_rounds=4, verbose_eval=False
    )
    assert booster.best_iteration + 1 < booster.num_boosted_rounds()
    return booster


def _kept(folder: Path, name: str, booster: Any, matrix: NDArray[np.float32]) -> Trained:
    path = folder / f"{name.replace(' ', '-')}.json"
    booster.save_model(path)
    best = booster.attr("best_iteration")
    rounds = (0, int(best) + 1) if best else (0, 0)
    booster.set_param({"nthread": 1})
    predicted = booster.inplace_predict(matrix, iteration_range=rounds, validate_features=False)
    return Trained(path, np.asarray(predicted, dtype=np.float32))
