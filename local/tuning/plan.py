"""A tuning job's request as the job works with it."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local.jobs.requests import items, member
from local.tuning.ranges import CATEGORICAL, Range, read

BAYESIAN, RANDOM, GRID, HYPERBAND = "Bayesian", "Random", "Grid", "Hyperband"
IDENTICAL = "IdenticalDataAndAlgorithm"
OBJECTIVE = "_tuning_objective_metric"

# The service starts up to so many training jobs where a request does not say how many.
MOST_BY_DEFAULT = 500
# Members of a training definition that a training job's request has under other names, or not at all.
_NOT_OF_THE_JOB = (
    "DefinitionName",
    "TuningObjective",
    "HyperParameterRanges",
    "StaticHyperParameters",
    "HyperParameterTuningResourceConfig",
)
# Where Hyperband looks for its most resource; source: API reference, HyperbandStrategyConfig.
_EPOCHS = ("epochs", "numepochs", "n-epochs", "n_epochs", "num_epochs")


@dataclass(frozen=True)
class Program:
    """One training definition: what is trained, what is searched, and what its objective is called."""

    name: str | None
    metric: str
    ranges: tuple[Range, ...]
    static: Mapping[str, str]
    training: Mapping[str, Any]

    def request(self, values: Mapping[str, str], tuning_job_arn: str) -> dict[str, Any]:
        """Return the CreateTrainingJob request of a trial."""
        ours = {
            "HyperParameters": {**self.static, **values, OBJECTIVE: self.metric},
            "TuningJobArn": tuning_job_arn,
            # Members of the training's summary, for those who list a tuning job's trainings.
            "TunedHyperParameters": dict(values),
            "ObjectiveStatus": "Pending",
        }
        named = {} if self.name is None else {"TrainingJobDefinitionName": self.name}
        return {**self.training, **ours, **named}


@dataclass(frozen=True)
class Plan:
    """What a tuning job does: how many trials of which programs, and when it is done."""

    strategy: str
    minimize: bool
    programs: tuple[Program, ...]
    most: int
    parallel: int
    seconds: float | None
    early_stopping: bool
    resource: tuple[int, int] | None
    seed: int
    parents: tuple[str, ...]
    warm_start: str | None
    target: float | None
    most_not_improving: int | None
    stop_on_convergence: bool

    @property
    def learns(self) -> bool:
        """Say whether what is tried, or cut short, depends on the results of earlier trials."""
        return self.strategy in (BAYESIAN, HYPERBAND) or self.early_stopping

    def better(self, value: float, than: float | None) -> bool:
        """Compare two objectives; everything is better than none."""
        return than is None or (value < than if self.minimize else value > than)


def read_plan(request: Mapping[str, Any], name: str) -> Plan:
    """Read a resolved request; a job without a seed gets one from its name."""
    config = request["HyperParameterTuningJobConfig"]
    limits, criteria = config["ResourceLimits"], config.get("TuningJobCompletionCriteria") or {}
    programs = tuple(_program(entry, config) for entry in definitions(request))
    most = int(limits.get("MaxNumberOfTrainingJobs", MOST_BY_DEFAULT))
    strategy = config["Strategy"]
    if strategy == GRID:
        most = min(most, sum(grid_size(program.ranges) for program in programs))
    not_improving = member(criteria, "BestObjectiveNotImproving", "MaxNumberOfTrainingJobsNotImproving")
    seed = config.get("RandomSeed")
    return Plan(
        strategy=strategy,
        minimize=objective(config, definitions(request)[0])["Type"] == "Minimize",
        programs=programs,
        most=most,
        parallel=int(limits["MaxParallelTrainingJobs"]),
        seconds=float(limits["MaxRuntimeInSeconds"]) if limits.get("MaxRuntimeInSeconds") else None,
        early_stopping=config.get("TrainingJobEarlyStoppingType") == "Auto",
        resource=_resolved(resource(config, programs[0].static)) if strategy == HYPERBAND else None,
        seed=int(seed) if seed is not None else int.from_bytes(hashlib.sha256(name.encode()).digest()[:4]),
        parents=tuple(
            str(entry["HyperParameterTuningJobName"])
            for entry in items(request, "WarmStartConfig", "ParentHyperParameterTuningJobs")
        ),
        warm_start=member(request, "WarmStartConfig", "WarmStartType"),
        target=criteria.get("TargetObjectiveMetricValue"),
        most_not_improving=not_improving,
        stop_on_convergence=member(criteria, "ConvergenceDetected", "CompleteOnConvergence") == "Enabled",
    )


def definitions(request: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return a request's training definitions, the one or the several."""
    one = member(request, "TrainingJobDefinition")
    return [one] if isinstance(one, Mapping) else items(request, "TrainingJobDefinitions")


def objective(config: Mapping[str, Any], definition: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the objective of a training definition: its own, or the tuning job's."""
    found = definition.get("TuningObjective") or config.get("HyperParameterTuningJobObjective")
    return found if isinstance(found, Mapping) else {}


def ranges_of(config: Mapping[str, Any], definition: Mapping[str, Any]) -> Any:
    """Return the ranges of a training definition: its own, or the tuning job's."""
    return definition.get("HyperParameterRanges") or config.get("ParameterRanges")


def training_of(definition: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a training definition says of its jobs, as a training job's request says it."""
    request = {name: value for name, value in definition.items() if name not in _NOT_OF_THE_JOB}
    resources = member(definition, "HyperParameterTuningResourceConfig")
    if "ResourceConfig" not in request and isinstance(resources, Mapping):
        configs = items(resources, "InstanceConfigs")
        chosen = {**resources, **(configs[0] if configs else {})}
        names = ("InstanceType", "InstanceCount", "VolumeSizeInGB", "VolumeKmsKeyId")
        request["ResourceConfig"] = {name: chosen[name] for name in names if name in chosen}
    return request


def resource(config: Mapping[str, Any], static: Mapping[str, Any]) -> tuple[Any, Any] | None:
    """Return Hyperband's least and most resource (how often a trial reports its objective); None where unknown."""
    given = member(config, "StrategyConfig", "HyperbandStrategyConfig")
    least, most = (given.get("MinResource"), given.get("MaxResource")) if isinstance(given, Mapping) else (None, None)
    texts = [str(static.get(name, "")) for name in _EPOCHS]
    found = most if most is not None else next((int(text) for text in texts if text.isdecimal()), None)
    return None if found is None else (least or 1, found)


def _resolved(given: tuple[Any, Any] | None) -> tuple[int, int] | None:
    return None if given is None else (int(given[0]), int(given[1]))


def grid_size(ranges: tuple[Range, ...]) -> int:
    """Return how many combinations a grid has."""
    return math.prod(len(each.values) for each in ranges if each.kind == CATEGORICAL)


def _program(definition: Mapping[str, Any], config: Mapping[str, Any]) -> Program:
    return Program(
        name=definition.get("DefinitionName"),
        metric=objective(config, definition)["MetricName"],
        ranges=read(ranges_of(config, definition)),
        static={key: str(value) for key, value in (definition.get("StaticHyperParameters") or {}).items()},
        training=training_of(definition),
    )
