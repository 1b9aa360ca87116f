"""What in a CreateHyperParameterTuningJob request cannot run, or never could."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from local.jobs.requests import is_open, items, member
from local.jobs.toolkit import PROGRAM
from local.tuning import ranges
from local.tuning.plan import (
    GRID,
    HYPERBAND,
    definitions,
    objective,
    ranges_of,
    resource,
    training_of,
)

Validate = Callable[[Mapping[str, Any]], list[str]]


def validate(request: Mapping[str, Any], validate_training: Validate) -> list[str]:
    """Name everything that is wrong, each as a sentence without its subject."""
    config = _mapping(member(request, "HyperParameterTuningJobConfig"))
    programs = definitions(request)
    if not programs:
        return ["has no TrainingJobDefinition; say what the trials train."]
    found = _strategy_problems(config, programs)
    kinds = {str(kind) for each in programs if not is_open(kind := objective(config, each).get("Type"))}
    if len(kinds) > 1:
        found.append("maximizes one objective and minimizes another; the best of both would mean nothing.")
    for entry in programs:
        found += _definition_problems(config, entry, validate_training)
    return list(dict.fromkeys(found))


def _definition_problems(
    config: Mapping[str, Any], definition: Mapping[str, Any], validate_training: Validate
) -> list[str]:
    given = ranges_of(config, definition)
    found = ranges.problems(given) if given is not None else ["has no ranges to tune; give it ParameterRanges."]
    static = _mapping(member(definition, "StaticHyperParameters"))
    tuned = [str(entry.get("Name")) for kind in _LISTS for entry in items(given, kind)]
    found += [f"tunes {name!r} and sets it in StaticHyperParameters; keep one." for name in tuned if name in static]
    found += _objective_problems(config, definition, static)
    training = training_of(definition)
    if "ResourceConfig" not in training:
        found.append("has no ResourceConfig; say what its trials run on.")
    return found + validate_training({**training, "HyperParameters": {**static, **dict.fromkeys(tuned, "0")}})


_LISTS = ("IntegerParameterRanges", "ContinuousParameterRanges", "CategoricalParameterRanges", "AutoParameters")

_CATEGORICAL = "CategoricalParameterRanges"


def _objective_problems(
    config: Mapping[str, Any], definition: Mapping[str, Any], static: Mapping[str, Any]
) -> list[str]:
    metric = objective(config, definition).get("MetricName")
    if metric is None:
        return ["has no objective; name a metric in HyperParameterTuningJobObjective."]
    names = [entry.get("Name") for entry in items(definition, "AlgorithmSpecification", "MetricDefinitions")]
    if is_open(metric) or metric in names or any(is_open(name) for name in names):
        return []
    if not names and PROGRAM not in static:
        return []  # An algorithm inside its image knows its own metrics.
    how = f"define it, or name one of {', '.join(str(name) for name in names)}." if names else "define it there."
    return [f"has the objective {metric!r}, which its MetricDefinitions do not define; {how}"]


def _strategy_problems(config: Mapping[str, Any], programs: list[Mapping[str, Any]]) -> list[str]:
    strategy = config.get("Strategy")
    if strategy == GRID:
        return _grid_problems(config, programs)
    if strategy != HYPERBAND:
        return []
    found = []
    if config.get("TrainingJobEarlyStoppingType") == "Auto":
        found.append("searches by Hyperband, which stops trials by itself; set TrainingJobEarlyStoppingType to Off.")
    if resource(config, _mapping(member(programs[0], "StaticHyperParameters"))) is None:
        found.append("searches by Hyperband without a MaxResource; say how often a trial reports its objective.")
    return found


def _grid_problems(config: Mapping[str, Any], programs: list[Mapping[str, Any]]) -> list[str]:
    found = []
    for entry in programs:
        given = ranges_of(config, entry)
        others = [kind for kind in _LISTS if kind != _CATEGORICAL and items(given, kind)]
        if others:
            found.append(f"searches a Grid, which takes CategoricalParameterRanges alone, and has {others[0]}.")
    most = member(config, "ResourceLimits", "MaxNumberOfTrainingJobs")
    listed = [[entry.get("Values") for entry in items(ranges_of(config, each), _CATEGORICAL)] for each in programs]
    if not found and isinstance(most, int) and all(isinstance(each, list) for values in listed for each in values):
        size = sum(math.prod(len(each or ()) for each in values) for values in listed)
        if most != size:
            found.append(f"searches a Grid of {size} combinations with {most} training jobs; set {size}, or nothing.")
    return found


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
