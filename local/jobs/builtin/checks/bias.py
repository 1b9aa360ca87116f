"""Bias in a dataset before training, for each sensitive group, and what lies further from zero than before.

Source: SageMaker Developer Guide, 'Pre-training Bias Metrics': the formulas of CI, DPL, KL, JS, LP, TVD, KS and CDDL;
and 'Analysis results' for the form of analysis.json. Facet a is the favoured group, d the one that the facet names.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from local.jobs.builtin.checks.table import CheckError, Column

Mask: TypeAlias = np.ndarray[tuple[int], np.dtype[np.bool_]]
Shares: TypeAlias = tuple[float, float]

_DESCRIPTIONS = {
    "CDDL": "Conditional Demographic Disparity in Labels (CDDL)",
    "CI": "Class Imbalance (CI)",
    "DPL": "Difference in Positive Proportions in Labels (DPL)",
    "JS": "Jensen-Shannon Divergence (JS)",
    "KL": "Kullback-Liebler Divergence (KL)",
    "KS": "Kolmogorov-Smirnov Distance (KS)",
    "LP": "L-p Norm (LP)",
    "TVD": "Total Variation Distance (TVD)",
}


def analyse(columns: Sequence[Column], config: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content of analysis.json for an analysis configuration."""
    by_name = {column.name: column for column in columns}
    label = _find(by_name, columns, config.get("label"))
    positive = _mask(label, config.get("label_values_or_threshold"))
    wanted = config.get("methods", {}).get("pre_training_bias", {}).get("methods", "all")
    names = sorted(_DESCRIPTIONS) if wanted == "all" else [str(name) for name in wanted]
    unknown = [name for name in names if name not in _DESCRIPTIONS]
    if unknown:
        message = f"{', '.join(unknown)} cannot be computed here; there are {', '.join(_DESCRIPTIONS)}."
        raise CheckError(message)
    group = config.get("group_variable")
    groups = None if group is None else _find(by_name, columns, group).texts
    facets = config.get("facet") or []
    found: dict[str, Any] = {}
    for facet in [facets] if isinstance(facets, dict) else facets:
        column = _find(by_name, columns, facet.get("name_or_index"))
        given = facet.get("value_or_threshold")
        values = [[value] for value in sorted(set(column.present))] if given is None else [given]
        found[column.name] = [
            {
                "value_or_threshold": ",".join(map(str, value if isinstance(value, list) else [value])),
                "metrics": [_metric(name, _mask(column, value), positive, groups) for name in names],
            }
            for value in values
        ]
    return {
        "version": "1.0",
        "pre_training_bias_metrics": {
            "label": label.name,
            "label_value_or_threshold": ",".join(map(str, config.get("label_values_or_threshold") or [])),
            "facets": found,
        },
    }


def violations(found: Mapping[str, Any], baseline: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the metrics that lie further from zero than the baseline's."""
    earlier = dict(_values(baseline))
    result = []
    for place, value in _values(found):
        before = earlier.get(place)
        if before is not None and abs(value) > abs(before):
            facet, group, metric = place
            told = f"Metric value {value:.6g} is further from zero than the baseline's {before:.6g}."
            result.append({"facet": facet, "facet_value": group, "metric_name": metric, "description": told})
    return result


def _values(analysis: Mapping[str, Any]) -> list[tuple[tuple[str, str, str], float]]:
    facets = analysis.get("pre_training_bias_metrics", {}).get("facets", {})
    return [
        ((facet, group["value_or_threshold"], metric["name"]), metric["value"])
        for facet, groups in facets.items()
        for group in groups
        for metric in group["metrics"]
        if metric.get("value") is not None
    ]


def _find(by_name: Mapping[str, Column], columns: Sequence[Column], wanted: Any) -> Column:
    if isinstance(wanted, int) and 0 <= wanted < len(columns):
        return columns[wanted]
    if wanted in by_name:
        return by_name[wanted]
    message = f"The analysis names the column {wanted!r}, which the dataset does not have."
    raise CheckError(message)


def _mask(column: Column, given: Any) -> Mask:
    """Return the rows with one of the values; of a number that no row has, those above it."""
    values = given if isinstance(given, list) else [given]
    wanted = {_plain(value) for value in values}
    mask = np.array([_plain(text) in wanted for text in column.texts])
    if not mask.any() and len(values) == 1 and column.kind in ("Integral", "Fractional"):
        mask = np.array([text != "" and float(text) > float(values[0]) for text in column.texts])
    return mask


def _plain(value: Any) -> Any:
    """Return a number as such, so that 1 and 1.0 are the same."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return str(value)


def _metric(name: str, group: Mask, positive: Mask, groups: list[str] | None) -> dict[str, Any]:
    found: dict[str, Any] = {"name": name, "description": _DESCRIPTIONS[name]}
    if not group.any() or group.all():
        return {**found, "value": None, "error": "Every row or none is in the facet's group."}
    if name == "CDDL":
        if groups is None:
            return {**found, "value": None, "error": "Group variable is empty or not provided."}
        return {**found, "value": _cddl(group, positive, np.array(groups))}
    if name == "CI":
        return {**found, "value": float((~group).sum() - group.sum()) / len(group)}
    value = _FORMULAS[name](_shares(positive[~group]), _shares(positive[group]))
    if not math.isfinite(value):
        return {**found, "value": None, "error": "One group has a label that the other never has."}
    return {**found, "value": value}


def _shares(positive: Mask) -> Shares:
    share = float(positive.mean())
    return 1.0 - share, share


def _divergence(left: Shares, right: Shares) -> float:
    terms = [a * math.log(a / b) if b else math.inf for a, b in zip(left, right, strict=True) if a]
    return sum(terms)


def _middle(left: Shares, right: Shares) -> float:
    middle = ((left[0] + right[0]) / 2, (left[1] + right[1]) / 2)
    return (_divergence(left, middle) + _divergence(right, middle)) / 2


_FORMULAS: dict[str, Callable[[Shares, Shares], float]] = {
    "DPL": lambda a, d: a[1] - d[1],
    "JS": _middle,
    "KL": _divergence,
    "KS": lambda a, d: max(abs(a[0] - d[0]), abs(a[1] - d[1])),
    "LP": lambda a, d: math.hypot(a[0] - d[0], a[1] - d[1]),
    "TVD": lambda a, d: (abs(a[0] - d[0]) + abs(a[1] - d[1])) / 2,
}


def _cddl(group: Mask, positive: Mask, groups: np.ndarray[Any, Any]) -> float:
    """Return the demographic disparity of each subgroup, weighted by its size."""
    total = 0.0
    for value in sorted(set(groups)):
        rows = groups == value
        rejected, accepted = ~positive & rows, positive & rows
        left = float((rejected & group).sum()) / rejected.sum() if rejected.any() else 0.0
        right = float((accepted & group).sum()) / accepted.sum() if accepted.any() else 0.0
        total += float(rows.sum()) * (left - right)
    return total / len(group)
