"""Bias in a dataset before training, for each sensitive group.

Source: SageMaker Developer Guide, 'Pre-training Bias Metrics': the formulas of CI, DPL, KL, JS, LP, TVD, KS and CDDL.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from local.jobs.builtin.checks import facets
from local.jobs.builtin.checks.facets import Mask
from local.jobs.builtin.checks.table import Column

METHOD = "pre_training_bias"
Shares: TypeAlias = tuple[float, float]

_TITLES = {
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
    """Return the section `pre_training_bias_metrics` of analysis.json for an analysis configuration."""
    positive = facets.mask(facets.find(columns, config.get("label")), config.get("label_values_or_threshold"))
    group_variable = config.get("group_variable")
    groups = None if group_variable is None else facets.find(columns, group_variable).texts

    def metric(name: str, _column: Column, group: Mask) -> float | str:
        if name == "CDDL":
            return (
                "Group variable is empty or not provided."
                if groups is None
                else facets.disparity(group, positive, groups)
            )
        if name == "CI":
            return float((~group).sum() - group.sum()) / len(group)
        return _FORMULAS[name](_shares(positive[~group]), _shares(positive[group]))

    return facets.analyse(columns, config, facets.chosen(config, METHOD, _TITLES), _TITLES, metric)


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
