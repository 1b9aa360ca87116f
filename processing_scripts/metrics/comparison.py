"""The candidate beside the baseline and the approved model: measures, their intervals, what the gates look at."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.job import JobError
from inference.scores import LOWER_IS_BETTER, score
from processing_scripts.metrics.bootstrap import Interval, Scores, better_by, draws, interval

CANDIDATE, BASELINE, CHAMPION = "candidate", "baseline", "champion"


@dataclass(frozen=True)
class Comparison:
    """Measures by model and metric, their intervals, and by how much the candidate is better than each other model."""

    measured: Mapping[str, Mapping[str, float]]
    intervals: Mapping[str, Mapping[str, Interval]]
    better_by: Mapping[str, Mapping[str, Interval]]
    draws: int

    def to_json(self) -> dict[str, Any]:
        """What details.json holds of it."""
        return {
            "models": {name: dict(values) for name, values in self.measured.items()},
            "intervals": _written(self.intervals),
            "better_by": _written(self.better_by),
            "draws": self.draws,
        }


def compare(kind: str, truth: NDArray[np.generic], models: Mapping[str, Scores], seed: int) -> Comparison:
    """Measure all models on the same rows and the same draws of them."""
    measured = {name: score(kind, truth, each.values, each.predicted) for name, each in models.items()}
    drawn = draws(kind, truth, models, seed)
    intervals = {name: {metric: interval(values) for metric, values in found.items()} for name, found in drawn.items()}
    ours = drawn[CANDIDATE]
    ahead = {
        name: {metric: interval(better_by(metric, ours[metric], values)) for metric, values in found.items()}
        for name, found in drawn.items()
        if name != CANDIDATE
    }
    return Comparison(measured, intervals, ahead, next(iter(ours.values())).size)


def gate(metric: str, found: Comparison, note: str) -> dict[str, Any]:
    """The content of gate.json: flat, as conditions and messages of the pipeline read it.

    Raises JobError where the metric is not defined on the test rows.
    """
    values = {name: measures.get(metric, math.nan) for name, measures in found.measured.items()}
    if not all(math.isfinite(value) for value in values.values()):
        raise JobError(f"the metric {metric} cannot be computed on the test rows; add rows or choose another metric.")
    sure = found.intervals[CANDIDATE][metric].to_json()
    return {
        "metric": metric,
        "value": values[CANDIDATE],
        "low": sure["low"],
        "high": sure["high"],
        "baseline": values[BASELINE],
        "threshold_direction": "at_most" if metric in LOWER_IS_BETTER else "at_least",
        **({"champion": values[CHAMPION]} if CHAMPION in values else {}),
        "behind_champion": _behind(metric, values),
        **({"champion_note": note} if note else {}),
    }


def _behind(metric: str, values: Mapping[str, float]) -> float:
    """By how much the candidate is worse than the champion, negative where it is better; 0 without a champion.

    Ten digits, so that 0.92 - 0.91 is within a tolerance of 0.01.
    """
    if CHAMPION not in values:
        return 0.0
    ahead = better_by(metric, np.array([values[CANDIDATE]]), np.array([values[CHAMPION]]))
    return float(f"{-float(ahead[0]):.10g}") + 0.0


def _written(found: Mapping[str, Mapping[str, Interval]]) -> dict[str, Any]:
    return {name: {metric: each.to_json() for metric, each in values.items()} for name, values in found.items()}
