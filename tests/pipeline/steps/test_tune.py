from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from local.definition.validate import validate
from pipeline.metrics import objective_line
from tests.pipeline.conftest import Definition, flattened

Built = Callable[..., Definition]


@pytest.fixture(scope="session")
def tuned(built: Built) -> Definition:
    return built(of={"tuning": {"max_jobs": 12}, "training": {"hyperparameters": {"eta": 0.05, "max_bin": 64}}})


@pytest.fixture(scope="session")
def request_(tuned: Definition) -> dict[str, Any]:
    arguments: dict[str, Any] = flattened(tuned)["Tune"]["Arguments"]
    return arguments


def config_of(definition: Definition) -> dict[str, Any]:
    found: dict[str, Any] = flattened(definition)["Tune"]["Arguments"]["HyperParameterTuningJobConfig"]
    return found


def test_only_problems_with_a_budget_tune(plain: Definition, tuned: Definition) -> None:
    assert {"Train", "Tune"} & set(flattened(plain)) == {"Train"}
    assert {"Train", "Tune"} & set(flattened(tuned)) == {"Tune"}
    declared = {each["Name"]: each for each in tuned["Parameters"]}
    assert declared["MaxTuningJobs"] == {"Name": "MaxTuningJobs", "Type": "Integer", "DefaultValue": 12}
    assert "MaxTuningJobs" not in {each["Name"] for each in plain["Parameters"]}


def test_the_definition_stands_every_check(tuned: Definition) -> None:
    assert validate(tuned) == []


def test_the_search_is_the_problems(request_: dict[str, Any]) -> None:
    config = dict(request_["HyperParameterTuningJobConfig"])
    ranges = config.pop("ParameterRanges")
    assert config == {
        "Strategy": "Bayesian",
        "HyperParameterTuningJobObjective": {"Type": "Maximize", "MetricName": "objective:auc"},
        "ResourceLimits": {
            "MaxNumberOfTrainingJobs": {"Get": "Parameters.MaxTuningJobs"},
            "MaxParallelTrainingJobs": 2,
        },
        "TrainingJobEarlyStoppingType": "Auto",
        "RandomSeed": {"Get": "Parameters.Seed"},
    }
    names = {each["Name"] for kind in ranges.values() for each in kind}
    assert names == {"max_depth", "min_child_weight", "subsample", "colsample_bytree", "lambda"}


def test_trials_run_the_training_script_without_an_entrypoint(request_: dict[str, Any], plain: Definition) -> None:
    trained = flattened(plain)["Train"]["Arguments"]
    given = request_["TrainingJobDefinition"]
    static = given["StaticHyperParameters"]
    assert (static["sagemaker_program"], static["eta"], static["max_bin"]) == ('"train_xgboost.py"', "0.05", "64")
    assert "ContainerEntrypoint" not in given["AlgorithmSpecification"]
    for name in ("InputDataConfig", "Environment", "VpcConfig", "ResourceConfig", "RoleArn", "StoppingCondition"):
        assert given[name] == trained[name]
    assert request_["Tags"] == trained["Tags"]


def test_the_best_model_is_what_is_evaluated_and_registered(tuned: Definition) -> None:
    steps = flattened(tuned)
    archive = {
        "Std:Join": {
            "On": "/",
            "Values": [
                "s3://sageline-artifacts-111122223333/sageline-two-words/Tune",
                {"Get": "Steps.Tune.TrainingJobSummaries[0].TrainingJobName"},
                "output/model.tar.gz",
            ],
        }
    }
    inputs = {
        each["InputName"]: each["S3Input"]["S3Uri"] for each in steps["Evaluate"]["Arguments"]["ProcessingInputs"]
    }
    assert inputs["candidate"] == archive
    container = steps["Register"]["Arguments"]["InferenceSpecification"]["Containers"][0]
    assert container["ModelDataUrl"] == archive
    folder = steps["Tune"]["Arguments"]["TrainingJobDefinition"]["OutputDataConfig"]["S3OutputPath"]
    assert archive["Std:Join"]["Values"][0] == folder


def test_values_of_a_grid_are_json_and_what_cannot_be_seen_stops_nothing(built: Built) -> None:
    ranges = {"max_depth": {"values": [3, 6]}, "eta": {"values": [0.1]}}
    tuning = {"max_jobs": 2, "strategy": "Grid", "ranges": ranges}
    config = flattened(built(of={"tuning": tuning, "metric": "f1"}))["Tune"]["Arguments"][
        "HyperParameterTuningJobConfig"
    ]
    assert config["ParameterRanges"] == {
        "CategoricalParameterRanges": [
            {"Name": "max_depth", "Values": ["3", "6"]},
            {"Name": "eta", "Values": ["0.1"]},
        ]
    }
    assert config["TrainingJobEarlyStoppingType"] == "Off"


def test_hyperband_knows_how_many_rounds_there_are(built: Built) -> None:
    changes = {"tuning": {"max_jobs": 9, "strategy": "Hyperband"}, "training": {"hyperparameters": {"num_round": 300}}}
    config = config_of(built(of=changes))
    assert config["StrategyConfig"] == {"HyperbandStrategyConfig": {"MinResource": 10, "MaxResource": 300}}
    assert config["TrainingJobEarlyStoppingType"] == "Off"


@pytest.mark.parametrize(
    ("metric", "log", "values"),
    [
        ("auc", "[3] train-auc:0.9 validation-auc:0.8\nvalidation:auc=0.85", ["0.8", "0.85"]),
        ("log_loss", "[3] validation-mlogloss:0.5\nvalidation:log_loss=0.4", ["0.5", "0.4"]),
        ("rmse", "[3] train-rmse:2 validation-rmse:3e+1\nvalidation:rmse=2.5", ["3e+1", "2.5"]),
        ("accuracy", "[3] validation-merror:0.5\nvalidation:accuracy=0.4", ["0.4"]),
    ],
)
def test_the_objective_is_read_from_each_round_and_last_from_the_finished_model(
    metric: str, log: str, values: list[str]
) -> None:
    assert re.findall(objective_line(metric), log) == values


def test_static_hyperparameters_and_ranges_are_texts_that_training_takes(request_: dict[str, Any]) -> None:
    from training_scripts.arguments import parse  # noqa: PLC0415
    from training_scripts.defaults import HYPERPARAMETERS  # noqa: PLC0415

    ranges = request_["HyperParameterTuningJobConfig"]["ParameterRanges"]
    for bound in ("MinValue", "MaxValue"):
        words = [word for kind in ranges.values() for each in kind for word in (f"--{each['Name']}", each[bound])]
        static = request_["TrainingJobDefinition"]["StaticHyperParameters"]
        words += ["--eta", str(json.loads(static["eta"])), "--_tuning_objective_metric", "objective:auc"]
        assert set(parse(words, HYPERPARAMETERS)) == {*(w[2:] for w in words[::2])} - {"_tuning_objective_metric"}
