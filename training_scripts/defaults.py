"""XGBoost's settings where the problem gives none, by the kind of problem and the number of training rows.

| problem           | rows         | eta  | max_depth | min_child_weight | subsample | colsample_bytree | lambda | num_round |
| ----------------- | ------------ | ---- | --------- | ---------------- | --------- | ---------------- | ------ | --------- |
| several classes   | any          | 0.15 | 4         | 1                | 0.8       | 0.5              | 1      | 1,000     |
| two, or a number  | below 2,000  | 0.05 | 3         | 2                | 0.7       | 0.7              | 2      | 1,000     |
|                   | below 5,000  | 0.04 | 4         | 3                | 0.6       | 0.6              | 1      | 1,500     |
|                   | more         | 0.1  | 5         | 1                | 0.9       | 0.5              | 1      | 2,000     |

Small tables get shallow trees and much sampling, which keeps noise out. Several classes get large steps, since every
round grows a tree for each class. Training stops once the validation loss has not improved for `early_stopping_rounds`
rounds, 50 by default.
"""  # fmt: skip  # noqa: E501

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from training_scripts.arguments import SEED, Hyperparameter

HYPERPARAMETERS: Mapping[str, Hyperparameter] = {
    "seed": SEED,
    "num_round": Hyperparameter(whole=True, low=1, high=100_000),
    "early_stopping_rounds": Hyperparameter(whole=True, low=1, high=10_000),
    "eta": Hyperparameter(whole=False, low=0, high=1, above=True),
    "max_depth": Hyperparameter(whole=True, low=1, high=16),
    "min_child_weight": Hyperparameter(whole=False, low=0, high=1e6),
    "subsample": Hyperparameter(whole=False, low=0, high=1, above=True),
    "colsample_bytree": Hyperparameter(whole=False, low=0, high=1, above=True),
    "lambda": Hyperparameter(whole=False, low=0, high=1e6),
    "alpha": Hyperparameter(whole=False, low=0, high=1e6),
    "gamma": Hyperparameter(whole=False, low=0, high=1e6),
    "max_bin": Hyperparameter(whole=True, low=2, high=65_535),
    "scale_pos_weight": Hyperparameter(whole=False, low=0, high=1e6, above=True),
    "class_balance": Hyperparameter(whole=False, low=0, high=1),
}

_NAMES = ("eta", "max_depth", "min_child_weight", "subsample", "colsample_bytree", "lambda", "num_round")
_COMMON: Mapping[str, int | float] = {"seed": 7, "early_stopping_rounds": 50, "max_bin": 256}
_SEVERAL_CLASSES = (0.15, 4, 1, 0.8, 0.5, 1, 1_000)
_SIZES: tuple[tuple[float, tuple[int | float, ...]], ...] = (
    (2_000, (0.05, 3, 2, 0.7, 0.7, 2, 1_000)),
    (5_000, (0.04, 4, 3, 0.6, 0.6, 1, 1_500)),
    (float("inf"), (0.1, 5, 1, 0.9, 0.5, 1, 2_000)),
)

_OBJECTIVES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "binary": ("binary:logistic", ("auc", "logloss")),
    "multiclass": ("multi:softprob", ("merror", "mlogloss")),
    "regression": ("reg:squarederror", ("mae", "rmse")),
}


def settings(kind: str, rows: int, given: Mapping[str, int | float]) -> dict[str, int | float]:
    """Every setting for a training set of `rows` rows, the hyperparameters given before the defaults."""
    by_size = next(values for most, values in _SIZES if rows < most)
    chosen = _SEVERAL_CLASSES if kind == "multiclass" else by_size
    return {**_COMMON, **dict(zip(_NAMES, chosen, strict=True)), **given}


def objective(kind: str, classes: int) -> dict[str, Any]:
    """XGBoost's parameters for a kind of problem; the last metric is the loss that early stopping watches."""
    name, metrics = _OBJECTIVES[kind]
    return {"objective": name, "eval_metric": list(metrics), **({"num_class": classes} if kind == "multiclass" else {})}
