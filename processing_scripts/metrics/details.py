"""What the report draws about the candidate, the baseline and the champion."""

from __future__ import annotations

from typing import Any

import numpy as np

from inference.personal import masked_feature
from inference.scores import precision_recall_f1
from processing_scripts.metrics.comparison import Comparison
from processing_scripts.metrics.confusion import confusion
from processing_scripts.metrics.curves import (
    average_precision,
    by_threshold,
    calibration,
    gain,
    mean_cost,
    precision_recall,
    roc,
    wilson,
)
from processing_scripts.metrics.errors import errors
from processing_scripts.metrics.judged import Judged

MOST_FEATURES = 30


def details(metric: str, judged: Judged, compared: Comparison, importance: list[tuple[str, float]]) -> dict[str, Any]:
    """The content of details.json."""
    features = judged.features
    content: dict[str, Any] = {
        "kind": features.kind,
        "metric": metric,
        "labels": list(features.labels),
        **compared.to_json(),
        "importance": [
            {"feature": masked_feature(name, features.personal), "gain": share}
            for name, share in importance[:MOST_FEATURES]
        ],
        "rows": int(judged.truth.size),
    }
    if "cross_validation" in judged.manifest:
        content["cross_validation"] = judged.manifest["cross_validation"]
    candidate = judged.candidate
    if candidate.predicted is None:
        return content | errors(judged.truth.astype(np.float64), candidate.values)
    actual = judged.truth.astype(np.int64)
    content["confusion_matrix"] = confusion(actual, candidate.predicted, len(features.labels))
    content["classes"] = _classes(judged)
    if features.kind == "binary":
        content |= _binary(judged)
    return content


def _classes(judged: Judged) -> list[dict[str, Any]]:
    """Every class against the rest: how many rows, precision, recall and F1, and the interval of the recall."""
    actual, predicted = judged.truth.astype(np.int64), judged.candidate.predicted
    assert predicted is not None  # noqa: S101 - classes are named for all but regression
    found = []
    for place, label in enumerate(judged.features.labels):
        there, called = actual == place, predicted == place
        precision, recall, f1 = precision_recall_f1(there, called)
        entry: dict[str, Any] = {"label": label, "rows": int(there.sum()), "predicted": int(called.sum())}
        entry |= {"precision": precision, "recall": recall, "f1": f1}
        if there.any():
            entry["recall_low"], entry["recall_high"] = wilson(float(np.sum(there & called)), int(there.sum()))
        found.append(entry)
    return found


def _binary(judged: Judged) -> dict[str, Any]:
    actual = judged.truth.astype(np.int64)
    curves = {name: roc(actual, each.values) for name, each in judged.models.items()}
    found: dict[str, Any] = {
        "roc": curves,
        "precision_recall": {
            name: {**precision_recall(actual, each.values), "average": average_precision(actual, each.values)}
            for name, each in judged.models.items()
        },
        "gain": {name: gain(actual, each.values) for name, each in judged.models.items()},
        "calibration": calibration(actual, judged.candidate.values),
    }
    decision = judged.manifest.get("decision")
    given = decision.get("costs") if isinstance(decision, dict) else None
    costs = (float(given["false_positive"]), float(given["false_negative"])) if given else None
    found["by_threshold"] = by_threshold(actual, judged.candidate.values, costs)
    if decision is not None:
        found["decision"] = dict(decision)
    if costs is not None:
        called = {name: each.predicted == 1 for name, each in judged.models.items() if each.predicted is not None}
        found["cost"] = {name: mean_cost(actual == 1, np.asarray(each), costs) for name, each in called.items()}
    return found
