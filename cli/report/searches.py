"""Searches for a model: the trials of tuning jobs and the candidates of AutoML jobs, as SageMaker lists them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from cli.report import values

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient

MOST_TRIALS = 1000  # more than any tuning job may start, Hyperband and Random included
_PAGE = 100
_SCALES = {"ReverseLogarithmic": "reverse logarithmic"}


@dataclass(frozen=True)
class Trial:
    """A training or a candidate; `number` counts from 1 in the order of their start, `given` is what it was given."""

    number: int
    name: str
    status: str
    objective: float | None
    seconds: float | None
    given: Mapping[str, str]


@dataclass(frozen=True)
class Range:
    """A hyperparameter that was searched, and where."""

    name: str
    kind: str
    choices: str
    scale: str


@dataclass(frozen=True)
class Search:
    """What a step searched: `noun` is what its trials are called, `ranges` is empty where none were given."""

    step: str
    noun: str
    strategy: str
    metric: str
    minimize: bool
    ranges: tuple[Range, ...]
    trials: tuple[Trial, ...]

    def ranked(self) -> list[Trial]:
        """Return the trials, the best first; those cut short left no model and follow, those without a value end."""
        sign = 1.0 if self.minimize else -1.0
        return sorted(
            self.trials,
            key=lambda each: (
                each.objective is None,
                each.status != "Completed",
                sign * (each.objective or 0.0),
                each.number,
            ),
        )

    def best(self) -> Trial | None:
        """Return the trial whose model was taken, if one was completed."""
        first = next(iter(self.ranked()), None)
        return first if first and first.status == "Completed" and first.objective is not None else None


def read(sagemaker: SageMakerClient, step: Mapping[str, Any]) -> Search | None:
    """Return what a step of `execution.json` searched; nothing for a step whose job searches nothing.

    Raises what boto3 raises where the job cannot be described.
    """
    job = values.mapping(step.get("job"))
    reader = _READERS.get(values.text(job.get("kind")))
    name = values.text(job.get("name"))
    return reader(sagemaker, values.text(step.get("name")), name) if reader and name else None


def _tuning(sagemaker: SageMakerClient, step: str, job: str) -> Search:
    described = sagemaker.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=job)
    pages = sagemaker.get_paginator("list_training_jobs_for_hyper_parameter_tuning_job").paginate(
        HyperParameterTuningJobName=job,
        SortBy="CreationTime",
        SortOrder="Ascending",
        PaginationConfig={"PageSize": _PAGE},
    )
    config = values.mapping(described.get("HyperParameterTuningJobConfig"))
    definitions = [
        *values.mappings(described.get("TrainingJobDefinitions")),
        values.mapping(described.get("TrainingJobDefinition")),
    ]
    objectives = [
        config.get("HyperParameterTuningJobObjective"),
        *(each.get("TuningObjective") for each in definitions),
    ]
    objective = next((found for each in objectives if (found := values.mapping(each))), {})
    holders = [config.get("ParameterRanges"), *(each.get("HyperParameterRanges") for each in definitions)]
    ranges = {found.name: found for holder in holders for found in _ranges(values.mapping(holder))}
    trials = islice((each for page in pages for each in page["TrainingJobSummaries"]), MOST_TRIALS)
    return Search(
        step=step,
        noun="trial",
        strategy=values.text(config.get("Strategy")),
        metric=values.text(objective.get("MetricName")),
        minimize=objective.get("Type") == "Minimize",
        ranges=tuple(ranges.values()),
        trials=tuple(_trial(number, each) for number, each in enumerate(trials, start=1)),
    )


def _trial(number: int, given: Mapping[str, Any]) -> Trial:
    objective = values.mapping(given.get("FinalHyperParameterTuningJobObjectiveMetric"))
    tuned = values.mapping(given.get("TunedHyperParameters"))
    return Trial(
        number=number,
        name=values.text(given.get("TrainingJobName")),
        status=values.text(given.get("TrainingJobStatus")),
        objective=values.number(objective.get("Value")),
        seconds=_between(given.get("TrainingStartTime"), given.get("TrainingEndTime")),
        given={name: values.text(value) for name, value in tuned.items()},
    )


def _ranges(holder: Mapping[str, Any]) -> Iterator[Range]:
    for kind in ("Continuous", "Integer"):
        for each in values.mappings(holder.get(f"{kind}ParameterRanges")):
            scale = values.text(each.get("ScalingType"))
            ends = f"{values.text(each.get('MinValue'))} to {values.text(each.get('MaxValue'))}"
            yield Range(values.text(each.get("Name")), kind.lower(), ends, _SCALES.get(scale, scale.lower()))
    for each in values.mappings(holder.get("CategoricalParameterRanges")):
        choices = ", ".join(values.text(choice) for choice in values.items(each.get("Values")))
        yield Range(values.text(each.get("Name")), "categorical", choices, "")
    for each in values.mappings(holder.get("AutoParameters")):
        yield Range(values.text(each.get("Name")), "auto", f"near {values.text(each.get('ValueHint'))}", "")


def _auto_ml(sagemaker: SageMakerClient, step: str, job: str) -> Search:
    pages = sagemaker.get_paginator("list_candidates_for_auto_ml_job").paginate(
        AutoMLJobName=job, SortBy="CreationTime", SortOrder="Ascending", PaginationConfig={"PageSize": _PAGE}
    )
    found = list(islice((each for page in pages for each in page["Candidates"]), MOST_TRIALS))
    objectives = [values.mapping(each.get("FinalAutoMLJobObjectiveMetric")) for each in found]
    objective = next((each for each in objectives if each), {})
    return Search(
        step=step,
        noun="candidate",
        strategy="AutoML",
        metric=values.text(objective.get("MetricName")),
        minimize=objective.get("Type") == "Minimize",
        ranges=(),
        trials=tuple(_candidate(number, each) for number, each in enumerate(found, start=1)),
    )


def _candidate(number: int, given: Mapping[str, Any]) -> Trial:
    containers = values.mappings(given.get("InferenceContainers"))
    families = [values.text(values.mapping(each.get("Environment")).get("MODEL_NAME")) for each in containers]
    family = next((each for each in families if each), "")
    return Trial(
        number=number,
        name=values.text(given.get("CandidateName")),
        status=values.text(given.get("CandidateStatus")),
        objective=values.number(values.mapping(given.get("FinalAutoMLJobObjectiveMetric")).get("Value")),
        seconds=_between(given.get("CreationTime"), given.get("EndTime")),
        given={"model": family} if family else {},
    )


def _between(start: object, end: object) -> float | None:
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        return None
    return max(0.0, (end - start).total_seconds())


_READERS = {"HyperParameterTuningJob": _tuning, "AutoMLJob": _auto_ml}
