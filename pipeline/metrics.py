"""The lines of a job's log that the service reads metrics from."""

from __future__ import annotations

from config.metrics import METRICS

#: XGBoost's names of what it prints after each round.
ROUND_METRICS = {
    "binary": ("auc", "logloss"),
    "multiclass": ("mlogloss", "merror"),
    "regression": ("rmse", "mae"),
}

_NUMBER = "([0-9.eE+-]+)"


def kinds(kind: str, metric: str) -> list[str]:
    """Return the kinds that a problem can turn out to be: its own, or under ``auto`` those that know its metric."""
    return [kind] if kind in METRICS else [name for name, metrics in METRICS.items() if metric in metrics]


def round_metric_lines(kind: str, metric: str) -> dict[str, str]:
    """Return metric name → regular expression, for what training prints after each round."""
    found = dict.fromkeys(name for each in kinds(kind, metric) for name in ROUND_METRICS[each])
    return {f"{part}:{name}": f"{part}-{name}:{_NUMBER}" for part in ("train", "validation") for name in found}


def final_metric_lines(kind: str, metric: str) -> dict[str, str]:
    """Return metric name → regular expression, for what training prints about the finished model."""
    found = dict.fromkeys(name for each in kinds(kind, metric) for name in METRICS[each])
    return {f"final:{name}": f"validation:{name}={_NUMBER}" for name in found}
