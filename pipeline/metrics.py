"""The lines of a job's log that the service reads metrics from."""

from __future__ import annotations

from config.metrics import METRICS, ROUND_BY_ROUND, kinds

#: XGBoost's names of what it prints after each round.
ROUND_METRICS = {
    "binary": ("auc", "logloss"),
    "multiclass": ("mlogloss", "merror"),
    "regression": ("rmse", "mae"),
}

_NUMBER = "([0-9.eE+-]+)"


def round_metric_lines(kind: str, metric: str) -> dict[str, str]:
    """Return metric name → regular expression, for what training prints after each round."""
    found = dict.fromkeys(name for each in kinds(kind, metric) for name in ROUND_METRICS[each])
    return {f"{part}:{name}": f"{part}-{name}:{_NUMBER}" for part in ("train", "validation") for name in found}


def final_metric_lines(kind: str, metric: str) -> dict[str, str]:
    """Return metric name → regular expression, for what training prints about the finished model."""
    found = dict.fromkeys(name for each in kinds(kind, metric) for name in METRICS[each])
    return {f"final:{name}": f"validation:{name}={_NUMBER}" for name in found}


def objective_name(metric: str) -> str:
    """Return what the metric that a tuning job searches by is called."""
    return f"objective:{metric}"


def objective_line(metric: str) -> str:
    """Return the regular expression of a tuning job's objective: the problem's own metric on the validation rows.

    Where XGBoost prints it, each round gives a value, by which trainings are stopped early; the last value is always
    that of the finished model.
    """
    final = f"validation:{metric}="
    rounds = ROUND_BY_ROUND.get(metric)
    return f"{final}{_NUMBER}" if rounds is None else f"(?:validation-{rounds}:|{final}){_NUMBER}"
