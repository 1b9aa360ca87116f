"""What an analysis violates of an earlier one: metrics further from their ideal, features that matter in another order.

Source: SageMaker Developer Guide, 'Model Bias Drift Violations' and 'Model Feature Attribution Drift Violations'.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

_SECTIONS = ("pre_training_bias_metrics", "post_training_bias_metrics")
# A ratio of equal shares is one; every other metric of groups that fare alike is zero.
_IDEAL = {"DI": 1.0}
LEAST_NDCG = 0.9


def violations(found: Mapping[str, Any], baseline: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the metrics further from their ideal than the baseline's, and the explanations that changed."""
    return [
        entry for section in _SECTIONS for entry in _bias(found.get(section), baseline.get(section))
    ] + _attribution(found.get("explanations"), baseline.get("explanations"))


def ndcg(found: Mapping[str, float], baseline: Mapping[str, float]) -> float:
    """Return how much of the baseline's gain the order of features by the found values has; 1 is all of it."""
    gains = {name: abs(value) for name, value in baseline.items()}
    order = sorted(found, key=lambda name: (-abs(found[name]), name))
    best = _gain(sorted(gains.values(), reverse=True))
    return 1.0 if best == 0 else _gain([gains.get(name, 0.0) for name in order]) / best


def _gain(values: Sequence[float]) -> float:
    return math.fsum(value / math.log2(rank + 2) for rank, value in enumerate(values))


def _bias(found: Mapping[str, Any] | None, baseline: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    earlier = dict(_values(baseline or {}))
    result = []
    for place, value in _values(found or {}):
        before = earlier.get(place)
        facet, group, metric = place
        ideal = _IDEAL.get(metric, 0.0)
        if before is not None and abs(value - ideal) > abs(before - ideal):
            end = "one" if ideal else "zero"
            told = f"Metric value {value:.6g} is further from {end} than the baseline's {before:.6g}."
            entry = {"facet": facet, "facet_value": group, "metric_name": metric}
            result.append({**entry, "constraint_check_type": "bias_drift_check", "description": told})
    return result


def _values(section: Mapping[str, Any]) -> list[tuple[tuple[str, str, str], float]]:
    return [
        ((facet, group["value_or_threshold"], metric["name"]), metric["value"])
        for facet, groups in section.get("facets", {}).items()
        for group in groups
        for metric in group["metrics"]
        if metric.get("value") is not None
    ]


def _attribution(found: Mapping[str, Any] | None, baseline: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    earlier = (baseline or {}).get("kernel_shap", {})
    result = []
    for label, entry in (found or {}).get("kernel_shap", {}).items():
        before = earlier.get(label, {}).get("global_shap_values")
        if before is None:
            continue
        score = ndcg(entry["global_shap_values"], before)
        if score < LEAST_NDCG:
            told = f"Feature attribution drift found for {label}: its nDCG score {score:.4g} is below {LEAST_NDCG:g}."
            named = {"label": label, "metric_name": "shap"}
            result.append({**named, "constraint_check_type": "feature_attribution_drift_check", "description": told})
    return result
