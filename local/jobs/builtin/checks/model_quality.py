"""The quality of predictions against the truth, and what is worse than an earlier model's.

Source: SageMaker Developer Guide, 'Model quality metrics and Amazon CloudWatch monitoring' and 'Monitor model quality':
the names of metrics and the form of the files. Standard deviations and curves are left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from local.jobs.builtin.checks.table import CheckError, Column

_LOWER_IS_BETTER = ("mae", "mse", "rmse")
_SECTIONS = {
    "BinaryClassification": "binary_classification",
    "MulticlassClassification": "multiclass_classification",
    "Regression": "regression",
}


def statistics(columns: Sequence[Column], settings: Mapping[str, str]) -> dict[str, Any]:
    """Return the content of statistics.json; `settings` are the job's environment."""
    kind = settings.get("problem_type", "")
    if kind not in _SECTIONS:
        message = f"problem_type must be one of {', '.join(_SECTIONS)}, and is {kind!r}."
        raise CheckError(message)
    truth = _column(columns, settings, "ground_truth_attribute")
    values = _regression(columns, settings, truth) if kind == "Regression" else _classes(columns, settings, truth, kind)
    return {
        "version": 0,
        "dataset": {"item_count": len(truth.texts)},
        f"{_SECTIONS[kind]}_metrics": {name: {"value": value} for name, value in values.items()},
    }


def constraints(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content of constraints.json: as good as now, by every metric."""
    section, metrics = _metrics(found)
    return {
        "version": 0,
        f"{section}_constraints": {
            name: {
                "threshold": entry["value"],
                "comparison_operator": f"{'GreaterThan' if name in _LOWER_IS_BETTER else 'LessThan'}Threshold",
            }
            for name, entry in metrics.items()
        },
    }


def violations(found: Mapping[str, Any], baseline: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the metrics that are worse than the baseline allows."""
    section, metrics = _metrics(found)
    result = []
    for name, limit in baseline.get(f"{section}_constraints", {}).items():
        value = metrics.get(name, {}).get("value")
        above = limit["comparison_operator"].startswith("GreaterThan")
        if value is not None and (value > limit["threshold"] if above else value < limit["threshold"]):
            side = "above" if above else "below"
            told = f"Metric {name} with {value:.6g} is {side} the baseline's {limit['threshold']:.6g}."
            result.append(
                {"constraint_check_type": limit["comparison_operator"], "metric_name": name, "description": told}
            )
    return result


def _metrics(found: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    for section in _SECTIONS.values():
        if f"{section}_metrics" in found:
            return section, found[f"{section}_metrics"]
    message = "There are no metrics to compare."
    raise CheckError(message)


def _column(columns: Sequence[Column], settings: Mapping[str, str], member: str) -> Column:
    """Return the column that a setting names, by its title or by its number."""
    wanted = settings.get(member)
    for index, column in enumerate(columns):
        if wanted in (column.name, str(index)):
            return column
    message = f"{member} names {wanted!r}, and there is no such column."
    raise CheckError(message)


def _numbers(column: Column) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    if column.kind not in ("Integral", "Fractional") or len(column.present) != len(column.texts):
        message = f"The column {column.name} must hold a number in every row."
        raise CheckError(message)
    return column.numbers


def _regression(columns: Sequence[Column], settings: Mapping[str, str], truth: Column) -> dict[str, float]:
    actual, predicted = _numbers(truth), _numbers(_column(columns, settings, "inference_attribute"))
    error = predicted - actual
    mse = float(np.mean(error**2))
    spread = float(np.sum((actual - actual.mean()) ** 2))
    found = {"mae": float(np.mean(np.abs(error))), "mse": mse, "rmse": mse**0.5}
    return {**found, "r2": 1.0 - float(np.sum(error**2)) / spread} if spread else found


def _classes(columns: Sequence[Column], settings: Mapping[str, str], truth: Column, kind: str) -> dict[str, float]:
    if settings.get("inference_attribute"):
        predicted = _column(columns, settings, "inference_attribute").texts
    else:
        threshold = float(settings.get("probability_threshold_attribute") or 0.5)
        chances = _numbers(_column(columns, settings, "probability_attribute"))
        predicted = ["1" if chance > threshold else "0" for chance in chances]
    pairs = list(zip(truth.texts, predicted, strict=True))
    accuracy = sum(_same(left, right) for left, right in pairs) / len(pairs)
    if kind == "MulticlassClassification":
        return {"accuracy": accuracy}
    true_positives = sum(_same(left, "1") and _same(right, "1") for left, right in pairs)
    positives = sum(_same(left, "1") for left, _ in pairs)
    called = sum(_same(right, "1") for _, right in pairs)
    precision = true_positives / called if called else 0.0
    recall = true_positives / positives if positives else 0.0
    total = precision + recall
    return {
        "accuracy": accuracy,
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / total if total else 0.0,
    }


def _same(left: str, right: str) -> bool:
    """Compare labels as they are meant: 1 and 1.0 are the same."""
    try:
        return float(left) == float(right)
    except ValueError:
        return left == right
