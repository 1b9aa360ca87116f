"""Grows small XGBoost models of every kind that is compiled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.predict import import_xgboost

WIDTH = 9
CLASSES = 4


@dataclass(frozen=True)
class Kind:
    """An objective with the settings and labels that it takes."""

    name: str
    objective: str
    labels: str = "real"
    settings: Mapping[str, Any] = field(default_factory=dict)
    rounds: int = 12


KINDS = (
    Kind("binary", "binary:logistic", "binary"),
    Kind("binary from a given score", "binary:logistic", "binary", {"base_score": 0.2}),
    Kind("raw margins", "binary:logitraw", "binary"),
    Kind("hinge", "binary:hinge", "binary"),
    Kind("logistic regression", "reg:logistic", "binary"),
    Kind("several classes", "multi:softprob", "classes", {"num_class": CLASSES}),
    Kind("the largest class", "multi:softmax", "classes", {"num_class": CLASSES}),
    Kind("squared error", "reg:squarederror"),
    Kind("squared log error", "reg:squaredlogerror", "counts"),
    Kind("absolute error", "reg:absoluteerror"),
    Kind("pseudo-Huber", "reg:pseudohubererror"),
    Kind("quantiles", "reg:quantileerror", settings={"quantile_alpha": [0.1, 0.5, 0.9]}),
    Kind("gamma", "reg:gamma", "positive"),
    Kind("Poisson", "count:poisson", "counts"),
    Kind("Tweedie", "reg:tweedie", "counts"),
    Kind("Cox", "survival:cox", "positive"),
    Kind("AFT", "survival:aft", "positive"),
    Kind("ranking", "rank:ndcg", "binary"),
    Kind("several targets", "reg:squarederror", "targets"),
    Kind("dart", "binary:logistic", "binary", {"booster": "dart", "rate_drop": 0.4, "seed": 3}),
    Kind("dart with several classes", "multi:softprob", "classes",
         {"booster": "dart", "rate_drop": 0.4, "seed": 3, "num_class": CLASSES}),
    Kind("a forest", "binary:logistic", "binary", {"num_parallel_tree": 3, "subsample": 0.6, "seed": 3}),
    Kind("deep and uneven", "reg:squarederror",
         settings={"max_depth": 0, "max_leaves": 60, "grow_policy": "lossguide"}),
    Kind("many thresholds", "reg:squarederror", settings={"tree_method": "exact", "max_depth": 9}, rounds=20),
    Kind("stumps and less", "reg:squarederror", settings={"max_depth": 2, "gamma": 400.0}),
)  # fmt: skip


def table(rows: int, seed: int = 5) -> NDArray[np.float32]:
    """Rows of (n, WIDTH) of numbers, whole numbers, indicators and gaps."""
    random = np.random.default_rng(seed)
    found = random.normal(size=(rows, WIDTH)).astype(np.float32)
    found[:, 3] = random.integers(0, 4, rows)
    found[:, 4] = random.random(rows) < 0.3
    found[:, 5] *= np.float32(1e-30)
    found[random.random(found.shape) < 0.05] = np.nan
    found[:, 4] = np.nan_to_num(found[:, 4])
    return found


def grow(kind: Kind, rows: int = 600, rounds: int | None = None, **more: Any) -> Any:
    """A booster of a kind, the same each time."""
    xgboost = import_xgboost()
    features = table(rows)
    random = np.random.default_rng(6)
    signal = np.nan_to_num(features[:, 0]) + np.nan_to_num(features[:, 1]) * np.nan_to_num(features[:, 3])
    signal = signal + random.normal(size=rows) * 0.3
    labels = {
        "real": signal,
        "binary": signal > 0,
        "classes": np.digitize(signal, [-1.0, 0.0, 1.5]),
        "counts": np.floor(np.abs(signal)),
        "positive": np.abs(signal) + 0.1,
        "targets": np.column_stack([signal, -2 * signal + 1]),
    }[kind.labels].astype(np.float32)
    matrix = xgboost.DMatrix(features, None if kind.objective == "survival:aft" else labels)
    if kind.objective == "survival:aft":
        matrix.set_float_info("label_lower_bound", labels)
        matrix.set_float_info("label_upper_bound", labels + 1)
    if kind.objective.startswith("rank:"):
        matrix.set_group([rows // 2, rows - rows // 2])
    settings = {"nthread": 1, "eta": 0.3, "objective": kind.objective, **kind.settings, **more}
    if settings.get("booster") != "gblinear":
        settings.setdefault("max_depth", 5)
    return xgboost.train(settings, matrix, rounds or kind.rounds)
