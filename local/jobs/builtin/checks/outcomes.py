"""Bias in a model's predictions, for each sensitive group.

Source: SageMaker Developer Guide, 'Post-training Data and Model Bias Metrics': the formulas of AD, CDDPL, DAR, DCAcc,
DCR, DI, DPPL, DRR, FT, GE, RD, SD and TE. DCA is the name that SDKs give DCAcc.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from local.jobs.builtin.checks import facets
from local.jobs.builtin.checks.facets import Mask
from local.jobs.builtin.checks.table import Column

METHOD = "post_training_bias"

_TITLES = {
    "AD": "Accuracy Difference (AD)",
    "CDDPL": "Conditional Demographic Disparity in Predicted Labels (CDDPL)",
    "DAR": "Difference in Acceptance Rates (DAR)",
    "DCAcc": "Difference in Conditional Acceptance (DCAcc)",
    "DCR": "Difference in Conditional Rejection (DCR)",
    "DI": "Disparate Impact (DI)",
    "DPPL": "Difference in Positive Proportions in Predicted Labels (DPPL)",
    "DRR": "Difference in Rejection Rates (DRR)",
    "FT": "Flip Test (FT)",
    "GE": "Generalized Entropy (GE)",
    "RD": "Recall Difference (RD)",
    "SD": "Specificity Difference (SD)",
    "TE": "Treatment Equality (TE)",
}
_KNOWN = {**_TITLES, "DCA": _TITLES["DCAcc"]}
# The documentation leaves the number of neighbours open; AWS's published library takes these.
_NEIGHBOURS, _NEIGHBOURS_OF_FEW, _FEW = 5, 1, 10
_ROWS_AT_ONCE = 256


@dataclass(frozen=True)
class Counts:
    """One group's rows by their label and prediction."""

    true_positive: int
    false_positive: int
    true_negative: int
    false_negative: int

    @classmethod
    def of(cls, rows: Mask, label: Mask, predicted: Mask) -> Counts:
        """Count the rows."""
        cells = (label & predicted, ~label & predicted, ~label & ~predicted, label & ~predicted)
        return cls(*(int((rows & cell).sum()) for cell in cells))

    @property
    def positive(self) -> int:
        """Rows whose label is the good outcome."""
        return self.true_positive + self.false_negative

    @property
    def negative(self) -> int:
        """Rows whose label is the bad outcome."""
        return self.true_negative + self.false_positive

    @property
    def accepted(self) -> int:
        """Rows with a good prediction."""
        return self.true_positive + self.false_positive

    @property
    def rejected(self) -> int:
        """Rows with a bad prediction."""
        return self.true_negative + self.false_negative

    @property
    def rows(self) -> int:
        """All rows."""
        return self.accepted + self.rejected


def analyse(columns: Sequence[Column], predictions: Column, config: Mapping[str, Any]) -> dict[str, Any]:
    """Return the section `post_training_bias_metrics` of analysis.json; `predictions` are labels like the dataset's."""
    label = facets.find(columns, config.get("label"))
    is_positive = facets.rule(label, config.get("label_values_or_threshold"))
    actual, predicted = is_positive(label), is_positive(predictions)
    group_variable = config.get("group_variable")
    groups = None if group_variable is None else facets.find(columns, group_variable).texts

    def metric(name: str, column: Column, group: Mask) -> float | str:
        if name == "CDDPL":
            missing = "Group variable is empty or not provided."
            return missing if groups is None else facets.disparity(group, predicted, groups)
        if name == "FT":
            return _flips([each for each in columns if each is not column and each is not label], group, predicted)
        if name == "GE":
            benefit = predicted.astype(float) - actual.astype(float) + 1.0
            return float(((benefit / benefit.mean()) ** 2 - 1.0).mean() / 2) if benefit.any() else math.inf
        return _FORMULAS[name](Counts.of(~group, actual, predicted), Counts.of(group, actual, predicted))

    names = facets.chosen(config, METHOD, _KNOWN)
    if names == sorted(_KNOWN):
        names = sorted(_TITLES)
    return facets.analyse(columns, config, names, _KNOWN, metric)


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else math.inf


def _difference(left: float, right: float) -> float:
    """Subtract; two ratios without a value do not differ."""
    return 0.0 if left == right else left - right


def _flips(features: Sequence[Column], group: Mask, predicted: Mask) -> float | str:
    """Return how far neighbours of the favoured group fare better, less those who fare worse."""
    if any(column.kind not in ("Integral", "Fractional") or "" in column.texts for column in features):
        return "The flip test takes numbers alone, and a column has text or gaps."
    table = np.array([[float(text) for text in column.texts] for column in features]).T
    favoured, others = table[~group], table[group]
    count = min(len(favoured), _NEIGHBOURS if len(favoured) > _FEW else _NEIGHBOURS_OF_FEW)
    outcome = predicted[~group].astype(float)
    flipped = 0
    for start in range(0, len(others), _ROWS_AT_ONCE):
        part = others[start : start + _ROWS_AT_ONCE]
        distances = ((part[:, None, :] - favoured[None, :, :]) ** 2).sum(axis=2)
        nearest = np.argsort(distances, axis=1, kind="stable")[:, :count]
        alike = outcome[nearest].mean(axis=1) > 1 / 2
        own = predicted[group][start : start + _ROWS_AT_ONCE]
        flipped += int((alike & ~own).sum()) - int((~alike & own).sum())
    return flipped / len(others)


_FORMULAS: dict[str, Callable[[Counts, Counts], float]] = {
    "AD": lambda a, d: (a.true_positive + a.true_negative) / a.rows - (d.true_positive + d.true_negative) / d.rows,
    "DAR": lambda a, d: _difference(_ratio(a.true_positive, a.accepted), _ratio(d.true_positive, d.accepted)),
    "DCA": lambda a, d: _difference(_ratio(a.positive, a.accepted), _ratio(d.positive, d.accepted)),
    "DCAcc": lambda a, d: _difference(_ratio(a.positive, a.accepted), _ratio(d.positive, d.accepted)),
    "DCR": lambda a, d: _difference(_ratio(d.negative, d.rejected), _ratio(a.negative, a.rejected)),
    "DI": lambda a, d: (d.accepted / d.rows) / (a.accepted / a.rows) if a.accepted else math.inf,
    "DPPL": lambda a, d: a.accepted / a.rows - d.accepted / d.rows,
    "DRR": lambda a, d: _difference(_ratio(d.true_negative, d.rejected), _ratio(a.true_negative, a.rejected)),
    "RD": lambda a, d: _difference(_ratio(a.true_positive, a.positive), _ratio(d.true_positive, d.positive)),
    "SD": lambda a, d: _difference(_ratio(d.true_negative, d.negative), _ratio(a.true_negative, a.negative)),
    "TE": lambda a, d: _difference(
        _ratio(d.false_negative, d.false_positive), _ratio(a.false_negative, a.false_positive)
    ),
}
