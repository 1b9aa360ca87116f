"""Disparities of a binary problem as the model registry shows bias: Clarify's post-training metrics.

Each group (d) is held against all other rows (a). Source: SageMaker Developer Guide, "Post-training Data and Model Bias
Metrics" (formulas) and "Analysis Results" (form).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from processing_scripts.metrics.groups import groups_of
from processing_scripts.metrics.judged import Judged

_TITLES = {
    "AD": "Accuracy Difference (AD)",
    "DAR": "Difference in Acceptance Rates (DAR)",
    "DI": "Disparate Impact (DI)",
    "DPPL": "Difference in Positive Proportions in Predicted Labels (DPPL)",
    "DRR": "Difference in Rejection Rates (DRR)",
    "RD": "Recall Difference (RD)",
    "SD": "Specificity Difference (SD)",
}

Mask = NDArray[np.bool_]


def bias_report(names: Sequence[str], judged: Judged) -> dict[str, Any]:
    """The content of bias.json; a metric that is not defined for a group has no value, and says so."""
    features = judged.features
    actual, called = judged.truth == 1, np.asarray(judged.candidate.predicted == 1)
    facets = {}
    for name in names:
        found = groups_of(name, judged.rows, features)
        facets[name] = [
            {"value_or_threshold": each.name, "metrics": _metrics(each.rows, actual, called)} for each in found
        ]
    section = {"label": features.target, "label_value_or_threshold": str(features.positive), "facets": facets}
    return {"version": "1.0", "post_training_bias_metrics": section}


def _metrics(group: Mask, actual: Mask, called: Mask) -> list[dict[str, Any]]:
    others, own = (_rates(rows, actual, called) for rows in (~group, group))
    values = {
        "AD": _less(others["right"], own["right"]),
        "DAR": _less(others["precision"], own["precision"]),
        "DI": None if not others["called"] or own["called"] is None else own["called"] / others["called"],
        "DPPL": _less(others["called"], own["called"]),
        "DRR": _less(own["rejected right"], others["rejected right"]),
        "RD": _less(others["recall"], own["recall"]),
        "SD": _less(own["specificity"], others["specificity"]),
    }
    return [
        {"name": name, "description": _TITLES[name], "value": value}
        if value is not None
        else {"name": name, "description": _TITLES[name], "value": None, "error": "A group has no such rows."}
        for name, value in values.items()
    ]


def _rates(rows: Mask, actual: Mask, called: Mask) -> dict[str, float | None]:
    return {
        "called": _share(rows & called, rows),
        "right": _share(rows & (actual == called), rows),
        "precision": _share(rows & called & actual, rows & called),
        "rejected right": _share(rows & ~called & ~actual, rows & ~called),
        "recall": _share(rows & called & actual, rows & actual),
        "specificity": _share(rows & ~called & ~actual, rows & ~actual),
    }


def _share(part: Mask, whole: Mask) -> float | None:
    return float(part.sum()) / float(whole.sum()) if whole.any() else None


def _less(left: float | None, right: float | None) -> float | None:
    return None if left is None or right is None else left - right
