"""The candidate's measures in groups of the test rows, and how far groups are apart.

A group with few rows, or few of a class that a measure counts, is measured and marked as uncertain; it takes no part in
the disparities, which would else be those of the smallest group.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.job import JobError
from inference.scores import score
from processing_scripts.metrics.bootstrap import Scores, draws, interval
from processing_scripts.metrics.comparison import CANDIDATE
from processing_scripts.metrics.curves import wilson
from processing_scripts.metrics.groups import Group, groups_of
from processing_scripts.metrics.judged import Judged

FEWEST_ROWS = 50
FEWEST_OF_A_CLASS = 10

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Disparity:
    """How far apart groups are in one respect: the greatest value less the smallest, or the smallest by the greatest.

    With several fields, the largest of their differences counts.
    """

    name: str
    definition: str
    fields: tuple[str, ...]
    ratio: bool = False

    def of(self, found: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
        """Measure it between groups; None where fewer than two groups have a value."""
        best: dict[str, Any] | None = None
        for field in self.fields:
            ranked = sorted((each for each in found if each.get(field) is not None), key=lambda each: each[field])
            if len(ranked) < 2:
                continue
            low, high = ranked[0], ranked[-1]
            value = _ratio(low[field], high[field]) if self.ratio else high[field] - low[field]
            if value is not None and (best is None or value > best["value"]):
                ends = {"lowest": low["group"], "highest": high["group"]}
                best = {"name": self.name, "definition": self.definition, "value": value, **ends}
        return best


DISPARITIES: dict[str, tuple[Disparity, ...]] = {
    "binary": (
        Disparity(
            "Demographic parity difference",
            "how much more often the model says yes in one group than in another (0 is parity)",
            ("selection_rate",),
        ),
        Disparity(
            "Disparate impact ratio",
            "the lowest share of yes divided by the highest (1 is parity; below 0.8 fails the four-fifths rule)",
            ("selection_rate",),
            ratio=True,
        ),
        Disparity(
            "Equal opportunity difference",
            "how much more of those who are positive the model finds in one group than in another",
            ("true_positive_rate",),
        ),
        Disparity(
            "Equalized odds difference",
            "the larger of the differences in true and in false positive rates",
            ("true_positive_rate", "false_positive_rate"),
        ),
        Disparity(
            "Predictive parity difference",
            "how much more often a yes is right in one group than in another",
            ("precision",),
        ),
    ),
    "multiclass": (
        Disparity("Accuracy difference", "how much more often the model is right in one group", ("accuracy",)),
    ),
    "regression": (
        Disparity("Error difference", "how much larger the mean absolute error is in one group", ("mae",)),
        Disparity(
            "Mean residual difference",
            "how much further up the model errs in one group than in another, on average",
            ("mean_residual",),
        ),
    ),
}


def slices(names: Sequence[str], metric: str, judged: Judged) -> list[dict[str, Any]]:
    """Return for each column its groups with their measures, and the disparities between those that are certain.

    The groups of a column that is personal have numbers for names. Raises JobError for a column that there is not.
    """
    known = [*judged.features.names]
    unknown = [name for name in names if name not in known]
    if unknown:
        shown = ", ".join(known[:20])
        raise JobError(f"evaluation.slices names {', '.join(unknown)}, which the data does not have; it has {shown}.")
    found = []
    for name in names:
        own = [_measured(group, metric, judged) for group in groups_of(name, judged.rows, judged.features)]
        certain = [each for each in own if not each["uncertain"]]
        apart = [each.of(certain) for each in DISPARITIES[judged.features.kind]]
        found.append({"column": name, "groups": own, "disparities": [each for each in apart if each is not None]})
    return found


def _measured(group: Group, metric: str, judged: Judged) -> dict[str, Any]:
    kind, rows = judged.features.kind, group.rows
    predicted = judged.candidate.predicted
    own = Scores(judged.candidate.values[rows], None if predicted is None else predicted[rows])
    truth = judged.truth[rows]
    entry: dict[str, Any] = {"group": group.name, "rows": int(rows.sum())}
    entry["uncertain"] = _uncertain(kind, truth)
    entry |= score(kind, truth, own.values, own.predicted)
    drawn = draws(kind, truth, {CANDIDATE: own}, judged.features.seed)[CANDIDATE]
    if metric in drawn:
        sure = interval(drawn[metric]).to_json()
        entry |= {"low": sure["low"], "high": sure["high"]}
    return entry | _more(kind, truth, own)


def _uncertain(kind: str, truth: NDArray[np.float32]) -> str:
    """Say why a group's measures are uncertain; nothing where they are not."""
    if truth.size < FEWEST_ROWS:
        return f"{truth.size} rows"
    if kind == "binary":
        positives = int(np.sum(truth == 1))
        for count, what in ((positives, "positive"), (truth.size - positives, "negative")):
            if count < FEWEST_OF_A_CLASS:
                return f"{count} {what} rows"
    return ""


def _more(kind: str, truth: NDArray[np.float32], own: Scores) -> dict[str, Any]:
    if kind == "regression":
        return {"mean_residual": float(np.mean(own.values - truth)), "mean_actual": float(truth.mean(dtype=np.float64))}
    if kind == "multiclass" or own.predicted is None:
        return {}
    actual, called = truth == 1, own.predicted == 1
    found: dict[str, Any] = {"base_rate": float(actual.mean())}
    rates: dict[str, tuple[Mask, Mask]] = {
        "selection_rate": (called, np.ones_like(called)),
        "true_positive_rate": (called, actual),
        "false_positive_rate": (called, ~actual),
    }
    for name, (hits, among) in rates.items():
        size = int(among.sum())
        if size:
            found[name] = float(np.sum(hits & among)) / size
            low, high = wilson(float(np.sum(hits & among)), size)
            found |= {f"{name}_low": low, f"{name}_high": high}
    if not called.any():
        found["precision"] = None  # Of nothing called positive, no share is right.
    return found


def _ratio(low: float, high: float) -> float | None:
    return low / high if high > 0 else None
