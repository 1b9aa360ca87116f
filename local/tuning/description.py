"""The Describe response of a tuning job, and its trainings ranked as the service lists them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from local.jobs.records import taken_over
from local.tuning.plan import IDENTICAL, Plan
from local.tuning.trial import Trial, trial_arn

_SHOWN = (
    "HyperParameterTuningJobConfig",
    "TrainingJobDefinition",
    "TrainingJobDefinitions",
    "WarmStartConfig",
    "Autotune",
)
MOST_SUMMARIES = 50
"""How many of its best trainings a tuning step's properties hold. Source: the SDK's `TuningStep`."""


def ranked(plan: Plan, trials: Iterable[Trial]) -> list[Trial]:
    """Return the trials that gave an objective, the best first; those that were cut short left no model and follow."""
    found = [trial for trial in trials if trial.objective is not None and trial.status in ("Completed", "Stopped")]
    sign = 1.0 if plan.minimize else -1.0
    return sorted(found, key=lambda each: (each.status != "Completed", sign * (each.objective or 0.0), each.number))


def best(plan: Plan, trials: Iterable[Trial]) -> Trial | None:
    """Return the completed trial with the best objective, if there is one."""
    first = next(iter(ranked(plan, trials)), None)
    return first if first is not None and first.status == "Completed" else None


def summary(plan: Plan, trial: Trial, tuning_job: str) -> dict[str, Any]:
    """Return a trial as a HyperParameterTrainingJobSummary."""
    program = plan.programs[trial.program]
    found: dict[str, Any] = {
        "TrainingJobName": trial.name,
        "TrainingJobArn": trial_arn(trial),
        "CreationTime": trial.created,
        "TrainingJobStatus": trial.status,
        "TunedHyperParameters": dict(trial.values),
        "ObjectiveStatus": _objective_status(trial),
    }
    given = {
        "TrainingJobDefinitionName": program.name,
        "TuningJobName": tuning_job,
        "TrainingStartTime": trial.started,
        "TrainingEndTime": trial.ended,
        "FailureReason": trial.reason if trial.status == "Failed" else None,
    }
    found |= {name: value for name, value in given.items() if value is not None}
    if trial.objective is not None:
        found["FinalHyperParameterTuningJobObjectiveMetric"] = {
            "Type": "Minimize" if plan.minimize else "Maximize",
            "MetricName": program.metric,
            "Value": trial.objective,
        }
    return found


def describe(
    request: Mapping[str, Any], plan: Plan, name: str, trials: Sequence[Trial], parents: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """Return the response without names, status and times; `parents` are the summaries of the warm start's parents."""
    statuses = [trial.status for trial in trials]
    objectives = [_objective_status(trial) for trial in trials]
    body: dict[str, Any] = {
        **taken_over(request, _SHOWN),
        "TrainingJobStatusCounters": {
            "Completed": statuses.count("Completed"),
            "InProgress": sum(not trial.has_ended for trial in trials),
            "RetryableError": 0,
            "NonRetryableError": statuses.count("Failed"),
            "Stopped": statuses.count("Stopped"),
        },
        "ObjectiveStatusCounters": {each: objectives.count(each) for each in ("Succeeded", "Pending", "Failed")},
    }
    first = best(plan, trials)
    own = None if first is None else summary(plan, first, name)
    if own is not None:
        body["BestTrainingJob"] = own
    if plan.warm_start == IDENTICAL:
        overall = _overall(plan, [each for each in (own, *parents) if each is not None])
        if overall is not None:
            body["OverallBestTrainingJob"] = overall
    return body


def objective_of(shown: Mapping[str, Any]) -> float | None:
    """Return the objective that a summary holds."""
    found = shown.get("FinalHyperParameterTuningJobObjectiveMetric")
    return None if found is None else float(found["Value"])


def _overall(plan: Plan, summaries: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    chosen: dict[str, Any] | None = None
    for each in summaries:
        value = objective_of(each)
        if value is not None and plan.better(value, objective_of(chosen) if chosen else None):
            chosen = each
    return chosen


def _objective_status(trial: Trial) -> str:
    if not trial.has_ended:
        return "Pending"
    return "Succeeded" if trial.objective is not None and trial.status != "Failed" else "Failed"
