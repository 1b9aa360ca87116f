"""The metrics that a problem can be measured by, and what a threshold on them can be."""

from __future__ import annotations

from typing import Literal

Kind = Literal["binary", "multiclass", "regression", "auto"]
Metric = Literal["accuracy", "precision", "recall", "f1", "auc", "log_loss", "f1_macro", "rmse", "mae", "r2"]

METRICS: dict[str, tuple[str, ...]] = {
    "binary": ("accuracy", "precision", "recall", "f1", "auc", "log_loss"),
    "multiclass": ("accuracy", "f1_macro", "log_loss"),
    "regression": ("rmse", "mae", "r2"),
}
"""What each kind of problem can be measured by."""

LOWER_IS_BETTER = frozenset({"log_loss", "rmse", "mae"})

ROUND_BY_ROUND = {"auc": "auc", "log_loss": "m?logloss", "rmse": "rmse", "mae": "mae"}
"""Metrics that XGBoost prints after each round, each with the expression of XGBoost's name for it."""


def allowed(kind: str) -> tuple[str, ...]:
    """Return the metrics for a kind; all of them where the kind is found out from the data."""
    if kind in METRICS:
        return METRICS[kind]
    return tuple(dict.fromkeys(metric for metrics in METRICS.values() for metric in metrics))


def kinds(kind: str, metric: str) -> list[str]:
    """Return the kinds that a problem can turn out to be: its own, or under ``auto`` those that know its metric."""
    return [kind] if kind in METRICS else [name for name, metrics in METRICS.items() if metric in metrics]


def threshold_range(metric: str) -> tuple[float, float | None]:
    """Return the least and greatest values that a metric can take; None where it has no upper end."""
    if metric in LOWER_IS_BETTER:
        return 0.0, None
    return (float("-inf"), 1.0) if metric == "r2" else (0.0, 1.0)
