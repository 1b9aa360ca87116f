"""What training is told about the score from which on a row is called positive."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from config.problem import Problem


def deciding(problem: Problem) -> dict[str, float | str]:
    """Return the hyperparameters that say how a model's threshold is chosen; none where training decides by itself."""
    found: dict[str, float | str] = {}
    if problem.evaluation.decision != "auto":
        found["decision"] = problem.evaluation.decision
    if problem.costs is not None:
        found["cost_false_positive"] = problem.costs.false_positive
        found["cost_false_negative"] = problem.costs.false_negative
    return found
