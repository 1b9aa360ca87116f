"""The trainings that a tuning job started, as its lists have them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from local.api.sagemaker import members
from local.store.resources import Resource

GIVEN = (
    "TrainingJobDefinitionName",
    "TrainingJobName",
    "TrainingJobArn",
    "CreationTime",
    "TrainingStartTime",
    "TrainingEndTime",
    "TrainingJobStatus",
    "FailureReason",
)
RANGES = ("ParameterRanges", "HyperParameterRanges")


def summary(tuning: Resource, trial: Resource) -> dict[str, Any]:
    """Return a trial: what it was given of the ranges, and what came of it."""
    tuned = _tuned_names(tuning.body)
    hyperparameters = trial.body.get("HyperParameters") or {}
    found = {
        **members.pick(trial.body, GIVEN),
        "TuningJobName": tuning.name,
        "TunedHyperParameters": {name: value for name, value in hyperparameters.items() if name in tuned},
    }
    value = objective(tuning, trial)
    if value is not None:
        wanted = _objective(tuning.body)
        found["FinalHyperParameterTuningJobObjectiveMetric"] = {**wanted, "Value": value}
    status = trial.body.get("TrainingJobStatus")
    running = status in ("InProgress", "Stopping")
    found["ObjectiveStatus"] = "Pending" if running else "Failed" if value is None else "Succeeded"
    return found


def objective(tuning: Resource, trial: Resource) -> float | None:
    """Return the final value of the tuning job's metric in a trial; None where it has none yet or never printed it."""
    name = _objective(tuning.body).get("MetricName")
    for metric in trial.body.get("FinalMetricDataList") or ():
        if metric.get("MetricName") == name:
            return float(metric["Value"])
    return None


def _objective(body: Mapping[str, Any]) -> dict[str, Any]:
    config = body.get("HyperParameterTuningJobConfig") or {}
    found = config.get("HyperParameterTuningJobObjective")
    for definition in _definitions(body):
        found = found or definition.get("TuningObjective")
    return members.pick(found or {}, ("Type", "MetricName"))


def _tuned_names(body: Mapping[str, Any]) -> set[str]:
    """Return the names of all hyperparameters that have a range."""
    holders = [body.get("HyperParameterTuningJobConfig") or {}, *_definitions(body)]
    return {
        each["Name"]
        for holder in holders
        for member in RANGES
        for listed in (holder.get(member) or {}).values()
        if isinstance(listed, list)
        for each in listed
    }


def _definitions(body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from body.get("TrainingJobDefinitions") or ()
    if body.get("TrainingJobDefinition"):
        yield body["TrainingJobDefinition"]
