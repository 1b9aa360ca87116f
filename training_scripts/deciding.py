"""Chooses the score from which on a row of a binary problem is called positive, on rows that no tree was grown on.

Where an error's cost is known, or the metric depends on the choice, the threshold that does best on these rows is
taken, in the middle between the two scores that it separates. With few rows of a class that best one would be chance;
theory is used instead: for honest probabilities, calling a row positive costs less from fp / (fp + fn) on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.features import HALF, Features
from inference.predict import Model
from training_scripts.arguments import Choice, Hyperparameter
from training_scripts.channels import Job
from training_scripts.folds import REPEATS, Folds

RULES = ("auto", "half", "accuracy", "f1", "balanced_accuracy", "cost")
"""What a threshold is chosen by."""
DECIDING: Mapping[str, Hyperparameter | Choice] = {
    "decision": Choice(RULES),
    "cost_false_positive": Hyperparameter(whole=False, low=0, high=1e12),
    "cost_false_negative": Hyperparameter(whole=False, low=0, high=1e12),
}
FEWEST_OF_A_CLASS = 20
"""Rows of a class that a threshold is chosen on at least."""
RARE = 0.1
"""Below this share of positives, one half calls hardly any row positive."""

_BY_METRIC = {"accuracy": "accuracy", "f1": "f1", "precision": "f1", "recall": "f1"}
_OTHERS = "half"

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Wish:
    """What the problem asks for: a rule, and what a false positive and a false negative cost, if anything is known."""

    rule: str = "auto"
    costs: tuple[float, float] | None = None


@dataclass(frozen=True)
class Decision:
    """A threshold, exact in 32 bits, the rule that it follows, and on how many rows it was chosen (0: by theory)."""

    threshold: float
    rule: str
    rows: int
    costs: tuple[float, float] | None = None

    def to_json(self) -> dict[str, Any]:
        """What the manifest holds of it."""
        costs = None if self.costs is None else dict(zip(("false_positive", "false_negative"), self.costs, strict=True))
        return {"threshold": self.threshold, "rule": self.rule, "rows": self.rows, "costs": costs}


def split_wish(given: Mapping[str, int | float]) -> tuple[dict[str, int | float], Wish]:
    """Return the hyperparameters without those of the decision, and what these wish for."""
    rest = {name: value for name, value in given.items() if name not in DECIDING}
    costs = (float(given.get("cost_false_positive", 0)), float(given.get("cost_false_negative", 0)))
    rule = RULES[int(given.get("decision", 0))]
    return rest, Wish(rule, costs if any(costs) else None)


def decided_by(job: Job, model: Model, wish: Wish, folds: Folds | None = None) -> tuple[Features, dict[str, Any]]:
    """Return the features with the model's threshold, and what the manifest holds of the decision.

    It is made on the scores of `folds`, where there are any: of a small table they are many times the validation rows.
    """
    features = job.features
    if features.kind != "binary":
        return features, {}
    if folds is None:
        found = decide(features.metric, job.validation.labels, model.scores(job.validation.features), wish)
    else:
        found = decide(features.metric, folds.labels, folds.scores, wish, REPEATS)
    return replace(features, threshold=found.threshold), {"decision": found.to_json()}


def decide(
    metric: str, labels: NDArray[np.generic], scores: NDArray[np.float32], wish: Wish, repeats: int = 1
) -> Decision:
    """Choose the threshold for labels 0 and 1, (n,), and the probabilities of the positive class, (n,).

    `repeats` says how often each row is among them.
    """
    actual = np.asarray(labels) == 1
    rule = wish.rule if wish.rule != "auto" else _automatic(metric, actual, wish.costs)
    if rule == "half" or (rule == "cost" and wish.costs is None):
        return Decision(HALF, "half", 0)
    if min(int(actual.sum()), int((~actual).sum())) // repeats < FEWEST_OF_A_CLASS:
        return Decision(_theory(rule, wish.costs), rule, 0, wish.costs)
    return Decision(_best(rule, actual, scores, wish.costs), rule, actual.size // repeats, wish.costs)


def _automatic(metric: str, actual: NDArray[np.bool_], costs: tuple[float, float] | None) -> str:
    if costs is not None:
        return "cost"
    return _BY_METRIC.get(metric, "f1" if actual.mean() < RARE else _OTHERS)


def _theory(rule: str, costs: tuple[float, float] | None) -> float:
    if rule != "cost" or costs is None:
        return HALF
    return float(np.float32(costs[0] / (costs[0] + costs[1])))


def _best(
    rule: str, actual: NDArray[np.bool_], scores: NDArray[np.float32], costs: tuple[float, float] | None
) -> float:
    """The middle of the gap between scores where the rule's figure is best; of several, the one nearest one half."""
    order = np.argsort(-scores, kind="stable")
    ordered = scores[order].astype(np.float64)
    ends = np.append(np.flatnonzero(np.diff(ordered)), ordered.size - 1)
    hits = np.append(0, np.cumsum(actual[order])[ends])
    called = np.append(0, ends + 1)
    distinct = ordered[ends]
    # Above the highest score nothing is called positive, at 0 everything is.
    edges = np.concatenate([[1.0], distinct, [0.0]])
    middles = ((edges[:-1] + edges[1:]) / 2.0).astype(np.float32).astype(np.float64)
    figures = _figures(rule, actual, hits, called, costs)
    # Between two neighbours in 32 bits there is no middle: the upper one is called, the lower one is not.
    middles[:-1] = np.where(middles[:-1] > distinct, middles[:-1], edges[:-2])
    if distinct[0] == 1.0:
        figures[0] = -np.inf  # No threshold is above it.
    best = np.flatnonzero(figures >= figures.max() - 1e-12)
    return float(middles[best[np.argmin(np.abs(middles[best] - HALF))]])


def _figures(
    rule: str, actual: NDArray[np.bool_], hits: Counts, called: Counts, costs: tuple[float, float] | None
) -> Floats:
    """The figure to be made large, for each number of rows called positive."""
    positives = int(actual.sum())
    negatives = actual.size - positives
    false_yes, false_no = called - hits, positives - hits
    if rule == "cost" and costs is not None:
        return np.asarray(-(costs[0] * false_yes + costs[1] * false_no) / actual.size)
    if rule == "f1":
        return np.asarray(2.0 * hits / (called + positives))
    if rule == "balanced_accuracy":
        return np.asarray((hits / positives + (negatives - false_yes) / negatives) / 2.0)
    return np.asarray(1.0 - (false_yes + false_no) / actual.size)
