"""Grows small LightGBM models of every kind that is compiled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray

WIDTH = 6
_QUERY = 100


@dataclass(frozen=True)
class Kind:
    """An objective with its settings."""

    objective: str
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The objective and what is set besides, such as `binary sigmoid=2.3`."""
        return " ".join([self.objective, *(f"{key}={value}" for key, value in self.settings.items())])


KINDS = (
    Kind("regression"),
    Kind("regression", {"reg_sqrt": True}),
    Kind("regression", {"zero_as_missing": True}),
    Kind("regression", {"boosting": "dart"}),
    Kind("regression", {"num_leaves": 200, "min_data_in_leaf": 1}),
    Kind("regression_l1"),
    Kind("huber"),
    Kind("fair"),
    Kind("mape"),
    Kind("quantile", {"alpha": 0.3}),
    Kind("poisson"),
    Kind("gamma"),
    Kind("tweedie"),
    Kind("lambdarank"),
    Kind("rank_xendcg"),
    Kind("binary"),
    Kind("binary", {"sigmoid": 2.3}),
    Kind("binary", {"use_missing": False}),
    Kind("binary", {"boosting": "rf", "bagging_fraction": 0.6, "bagging_freq": 1}),
    Kind("cross_entropy"),
    Kind("multiclass", {"num_class": 3}),
    Kind("multiclassova", {"num_class": 3, "sigmoid": 0.7}),
)


def table(count: int = 1200, seed: int = 5) -> NDArray[np.float32]:
    """Rows of (count, WIDTH) with zeros, small whole numbers, and missing values in half of the columns."""
    random = np.random.default_rng(seed)
    rows = random.normal(size=(count, WIDTH)).astype(np.float32)
    rows[random.random(rows.shape) < 0.2] = 0
    rows[:, 5] = random.integers(0, 9, count)
    rows[:, :3][random.random((count, 3)) < 0.1] = np.nan
    return rows


def grow(objective: str, rounds: int = 12, rows: int = 1200, **settings: Any) -> lightgbm.Booster:
    """A booster of an objective, the same each time; `rows` in whole hundreds."""
    features = table(rows)
    known = np.nan_to_num(features)
    score = (known[:, 0] > 0) + (known[:, 1] > 0.3) * 1.0 + 0.4 * known[:, 3] + 0.3 * known[:, 4]
    wanted = {
        "binary": score > 1,
        "cross_entropy": np.clip(score / 3, 0, 1),
        "multiclass": np.digitize(score, [0.5, 1.2]),
        "multiclassova": np.digitize(score, [0.5, 1.2]),
        "lambdarank": np.digitize(score, [0.5, 1.2]),
        "rank_xendcg": np.digitize(score, [0.5, 1.2]),
        "regression": score - 4,
    }.get(objective, np.abs(score) + 0.1)
    chosen = {"objective": objective, "verbosity": -1, "num_threads": 1, "num_leaves": 15, "seed": 1, **settings}
    groups = [_QUERY] * (rows // _QUERY) if "rank" in objective else None
    return lightgbm.train(chosen, lightgbm.Dataset(features, wanted, group=groups), rounds)
