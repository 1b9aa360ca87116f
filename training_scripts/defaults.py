"""XGBoost's settings where the problem gives none, by the number of training rows.

| training rows | eta  | max_depth | min_child_weight | subsample | colsample_bytree | lambda | rounds at most |
| ------------- | ---- | --------- | ---------------- | --------- | ---------------- | ------ | -------------- |
| below 2,000   | 0.05 | 3         | 2                | 0.7       | 0.7              | 2      | 1,000          |
| below 10,000  | 0.05 | 5         | 3                | 0.8       | 0.7              | 1      | 1,500          |
| more          | 0.1  | 6         | 1                | 0.9       | 0.7              | 1      | 2,000          |

Training stops once the validation loss has not improved for `early_stopping_rounds` rounds, 50 by default.
"""

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
}

_COMMON: Mapping[str, int | float] = {"seed": 7, "early_stopping_rounds": 50, "max_bin": 256}
_SIZES: tuple[tuple[float, Mapping[str, int | float]], ...] = (
    (2_000, {"num_round": 1_000, "eta": 0.05, "max_depth": 3, "min_child_weight": 2, "subsample": 0.7, "lambda": 2}),
    (10_000, {"num_round": 1_500, "eta": 0.05, "max_depth": 5, "min_child_weight": 3, "subsample": 0.8, "lambda": 1}),
    (
        float("inf"),
        {"num_round": 2_000, "eta": 0.1, "max_depth": 6, "min_child_weight": 1, "subsample": 0.9, "lambda": 1},
    ),
)

_OBJECTIVES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "binary": ("binary:logistic", ("auc", "logloss")),
    "multiclass": ("multi:softprob", ("merror", "mlogloss")),
    "regression": ("reg:squarederror", ("mae", "rmse")),
}


def settings(rows: int, given: Mapping[str, int | float]) -> dict[str, int | float]:
    """Every setting for a training set of `rows` rows, the hyperparameters given before the defaults."""
    by_size = next(values for most, values in _SIZES if rows < most)
    return {**_COMMON, "colsample_bytree": 0.7, **by_size, **given}


def objective(kind: str, classes: int) -> dict[str, Any]:
    """XGBoost's parameters for a kind of problem; the last metric is the loss that early stopping watches."""
    name, metrics = _OBJECTIVES[kind]
    return {"objective": name, "eval_metric": list(metrics), **({"num_class": classes} if kind == "multiclass" else {})}
