from __future__ import annotations

from typing import Any

import pytest

from local.jobs.training import TrainingRunner
from local.tuning.runner import TuningRunner
from tests.support.tuning import PLACE, categorical, ranges, request, trainings

KINDS = ranges(categorical=[categorical("kind", "a", "b")])


def found(given: dict[str, Any]) -> list[str]:
    return TuningRunner(TrainingRunner()).validate(given)


def objective(kind: str, name: str = "loss") -> dict[str, str]:
    return {"Type": kind, "MetricName": name}


BAD: list[tuple[dict[str, Any], str]] = [
    (
        request(HyperParameterTuningJobObjective=objective("Minimize", "auc")),
        "has the objective 'auc', which its MetricDefinitions do not define; define it, or name one of loss.",
    ),
    (
        request(training=trainings(static={"place": "1"})),
        "tunes 'place' and sets it in StaticHyperParameters; keep one.",
    ),
    (
        request("Grid", most=None),
        "searches a Grid, which takes CategoricalParameterRanges alone, and has ContinuousParameterRanges.",
    ),
    (
        request("Grid", most=3, searched=KINDS),
        "searches a Grid of 2 combinations with 3 training jobs; set 2, or nothing.",
    ),
    (
        request("Hyperband"),
        "searches by Hyperband without a MaxResource; say how often a trial reports its objective.",
    ),
    (
        request("Hyperband", training=trainings(static={"epochs": "9"}), TrainingJobEarlyStoppingType="Auto"),
        "searches by Hyperband, which stops trials by itself; set TrainingJobEarlyStoppingType to Off.",
    ),
    (request(searched=None), "has no ranges to tune; give it ParameterRanges."),
    (
        request(training=trainings(HyperParameterTuningResourceConfig={"InstanceType": "m", "InstanceCount": 2}))
        | {"TrainingJobDefinition": {**trainings(), "ResourceConfig": {}, "InputDataConfig": [{"ChannelName": "c"}]}},
        "channel 'c' has no S3DataSource; the laptop has no other file systems.",
    ),
    ({"HyperParameterTuningJobConfig": {}}, "has no TrainingJobDefinition; say what the trials train."),
]


@pytest.mark.parametrize(("given", "sentence"), BAD)
def test_names_what_cannot_run(given: dict[str, Any], sentence: str) -> None:
    assert found(given) == [sentence]


def test_several_definitions_have_one_direction() -> None:
    each = [
        trainings(DefinitionName=kind.lower(), TuningObjective=objective(kind), HyperParameterRanges=PLACE)
        for kind in ("Maximize", "Minimize")
    ]
    given = request(searched=None)
    del given["TrainingJobDefinition"]
    assert found({**given, "TrainingJobDefinitions": each}) == [
        "maximizes one objective and minimizes another; the best of both would mean nothing."
    ]


def test_hyperband_finds_its_most_resource_among_the_static_hyperparameters() -> None:
    assert found(request("Hyperband", training=trainings(static={"epochs": "9"}))) == []


def test_expressions_are_left_to_the_execution() -> None:
    given = request(limits={"MaxNumberOfTrainingJobs": {"Get": "Parameters.Most"}})
    given["HyperParameterTuningJobConfig"]["RandomSeed"] = {"Get": "Parameters.Seed"}
    assert found(given) == []
