"""When a tuning job is done before its trials are: nothing better comes, or what there is is good enough."""

from __future__ import annotations

from collections.abc import Sequence

from local.tuning.plan import Plan
from local.tuning.trial import Trial

_LEAST_TO_CONVERGE = 10


def not_improving(plan: Plan, trials: Sequence[Trial]) -> int:
    """Return how many trials, in the order of their numbers, have ended since the last that was better than all."""
    found: float | None = None
    count = 0
    for trial in sorted(trials, key=lambda each: each.number):
        value = trial.objective if trial.status == "Completed" else None
        if value is not None and plan.better(value, found):
            found, count = value, 0
        else:
            count += 1
    return count


def done(plan: Plan, ended: Sequence[Trial]) -> str | None:
    """Return why no more trials are needed; None where they are."""
    best: float | None = None
    for trial in ended:
        if trial.status == "Completed" and trial.objective is not None and plan.better(trial.objective, best):
            best = trial.objective
    if best is None:
        return None
    if plan.target is not None and (best == plan.target or plan.better(best, plan.target)):
        return f"the objective has reached {plan.target:g}"
    count = not_improving(plan, ended)
    if plan.most_not_improving is not None and count >= plan.most_not_improving:
        return f"the last {count} trainings were no better"
    if plan.stop_on_convergence and count >= patience(plan):
        return f"the search has converged: the last {count} trainings were no better"
    return None


def patience(plan: Plan) -> int:
    """Return after how many trials without improvement a search counts as converged: two for each range, ten at least.

    The service does not say when it sees convergence; this is the laptop's own rule.
    """
    return max(_LEAST_TO_CONVERGE, 2 * max(len(program.ranges) for program in plan.programs))
