"""A model's measures in the form that the model registry shows: Model Monitor's model quality statistics.

Source: SageMaker Developer Guide, "Model quality metrics and Amazon CloudWatch monitoring". Standard deviations are
those of the bootstrap; a constant classifier is one that always answers with the most frequent class.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from processing_scripts.metrics.comparison import CANDIDATE, Comparison
from processing_scripts.metrics.confusion import confusion
from processing_scripts.metrics.curves import precision_recall, roc
from processing_scripts.metrics.judged import Judged

_GROUPS = {
    "binary": "binary_classification_metrics",
    "multiclass": "multiclass_classification_metrics",
    "regression": "regression_metrics",
}
_BETAS = {"f0_5": 0.5, "f1": 1.0, "f2": 2.0}

Counts = NDArray[np.float64]


def registry_form(judged: Judged, compared: Comparison) -> dict[str, Any]:
    """The content of evaluation.json."""
    kind, sure = judged.features.kind, compared.intervals[CANDIDATE]
    found = dict(compared.measured[CANDIDATE])
    more: dict[str, Any] = {}
    if judged.candidate.predicted is None:
        found["mse"] = found["rmse"] ** 2
    else:
        actual = judged.truth.astype(np.int64)
        matrix = confusion(actual, judged.candidate.predicted, len(judged.features.labels))
        counts = np.array(matrix, dtype=np.float64)
        found |= _two_classes(counts) if kind == "binary" else _several_classes(counts)
        more["confusion_matrix"] = {
            str(actual): {str(predicted): count for predicted, count in enumerate(row)}
            for actual, row in enumerate(matrix)
        }
        if kind == "binary":
            more["receiver_operating_characteristic_curve"] = roc(actual, judged.candidate.values)
            more["precision_recall_curve"] = precision_recall(actual, judged.candidate.values)
    group = {
        name: {"value": value, **({"standard_deviation": sure[name].deviation} if name in sure else {})}
        for name, value in found.items()
    }
    return {"version": 0.0, "dataset": {"item_count": int(judged.truth.size)}, _GROUPS[kind]: group | more}


def _two_classes(counts: Counts) -> dict[str, float]:
    (right_no, false_yes), (false_no, right_yes) = counts
    found = {
        "true_positive_rate": _part(right_yes, right_yes + false_no),
        "true_negative_rate": _part(right_no, right_no + false_yes),
        "false_positive_rate": _part(false_yes, right_no + false_yes),
        "false_negative_rate": _part(false_no, right_yes + false_no),
        **{name: _f(beta, right_yes, false_yes, false_no) for name, beta in _BETAS.items()},
    }
    constant = np.zeros_like(counts)
    constant[:, int(counts[1].sum() > counts[0].sum())] = counts.sum(axis=1)
    (_, false_yes), (false_no, right_yes) = constant
    return found | {
        "accuracy_best_constant_classifier": _part(float(np.trace(constant)), float(counts.sum())),
        "precision_best_constant_classifier": _part(right_yes, right_yes + false_yes),
        "recall_best_constant_classifier": _part(right_yes, right_yes + false_no),
        **{
            f"{name}_best_constant_classifier": _f(beta, right_yes, false_yes, false_no)
            for name, beta in _BETAS.items()
        },
    }


def _several_classes(counts: Counts) -> dict[str, float]:
    constant = np.zeros_like(counts)
    constant[:, int(np.argmax(counts.sum(axis=1)))] = counts.sum(axis=1)
    return {
        **_weighted(counts, ""),
        "accuracy_best_constant_classifier": _part(float(np.trace(constant)), float(counts.sum())),
        **_weighted(constant, "_best_constant_classifier"),
    }


def _weighted(counts: Counts, suffix: str) -> dict[str, float]:
    """Measures of each class against the rest, weighted by how many rows the class has."""
    shares = counts.sum(axis=1) / counts.sum()
    right, there, called = np.diag(counts), counts.sum(axis=1), counts.sum(axis=0)
    each: dict[str, list[float]] = {
        "weighted_recall": [_part(*pair) for pair in zip(right, there, strict=True)],
        "weighted_precision": [_part(*pair) for pair in zip(right, called, strict=True)],
    }
    for name, beta in _BETAS.items():
        each[f"weighted_{name}"] = [
            _f(beta, hits, taken - hits, real - hits) for hits, taken, real in zip(right, called, there, strict=True)
        ]
    return {f"{name}{suffix}": float(shares @ np.array(values)) for name, values in each.items()}


def _f(beta: float, hits: float, false_yes: float, false_no: float) -> float:
    weight = beta * beta
    return _part((1 + weight) * hits, (1 + weight) * hits + weight * false_no + false_yes)


def _part(part: float, total: float) -> float:
    return float(part) / float(total) if total else 0.0
