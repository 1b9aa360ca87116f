from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.pipeline.conftest import Definition, flattened

Steps = dict[str, dict[str, Any]]


def channels(step: dict[str, Any]) -> dict[str, Any]:
    return {
        each["ChannelName"]: each["DataSource"]["S3DataSource"]["S3Uri"]
        for each in step["Arguments"]["InputDataConfig"]
    }


def metric_names(step: dict[str, Any]) -> list[str]:
    return [each["Name"] for each in step["Arguments"]["AlgorithmSpecification"]["MetricDefinitions"]]


def test_both_models_learn_from_what_prepare_wrote(steps: Steps) -> None:
    for name in ("Train", "TrainBaseline"):
        found = channels(steps[name])
        assert list(found) == ["train", "validation", "features", "code"]
        for output in ("train", "validation", "features"):
            address = f"Steps.Prepare.ProcessingOutputConfig.Outputs['{output}'].S3Output.S3Uri"
            assert found[output] == {"Get": address}


def test_each_runs_its_launcher_in_script_mode(steps: Steps) -> None:
    programs = {
        name: json.loads(steps[name]["Arguments"]["HyperParameters"]["sagemaker_program"])
        for name in ("Train", "TrainBaseline")
    }
    assert programs == {"Train": "train_xgboost.py", "TrainBaseline": "train_baseline.py"}


def test_the_toolkit_is_told_to_install_without_an_index(steps: Steps) -> None:
    for name in ("Train", "TrainBaseline"):
        assert steps[name]["Arguments"]["Environment"] == {"PIP_NO_BUILD_ISOLATION": "0", "PIP_NO_INDEX": "1"}


def test_hyperparameters_are_json_as_script_mode_reads_them(built: Callable[..., Definition]) -> None:
    given = {"eta": 0.05, "max_depth": 5, "grow_policy": "lossguide"}
    step = flattened(built(of={"training": {"hyperparameters": given}}))["Train"]
    written = step["Arguments"]["HyperParameters"]
    assert {key: json.loads(written[key]) for key in given} == given
    assert written["grow_policy"] == '"lossguide"'
    assert written["seed"] == {"Std:Join": {"On": "", "Values": [{"Get": "Parameters.Seed"}]}}


def test_hyperparameters_are_the_candidates_alone(built: Callable[..., Definition]) -> None:
    step = flattened(built(of={"training": {"hyperparameters": {"eta": 0.05}}}))["TrainBaseline"]
    assert set(step["Arguments"]["HyperParameters"]) == {"sagemaker_program", "sagemaker_submit_directory", "seed"}


def test_classes_weigh_the_same_for_both_models(built: Callable[..., Definition]) -> None:
    steps = flattened(built(of={"training": {"hyperparameters": {"class_balance": 0.5}}}))
    for name in ("Train", "TrainBaseline"):
        assert steps[name]["Arguments"]["HyperParameters"]["class_balance"] == "0.5"


def test_the_candidate_runs_where_the_parameters_say_and_the_baseline_on_one_host(steps: Steps) -> None:
    sizes = {
        name: {key: steps[name]["Arguments"]["ResourceConfig"][key] for key in ("InstanceType", "InstanceCount")}
        for name in ("Train", "TrainBaseline")
    }
    kind = {"Get": "Parameters.TrainingInstanceType"}
    assert sizes == {
        "Train": {"InstanceType": kind, "InstanceCount": {"Get": "Parameters.TrainingInstanceCount"}},
        "TrainBaseline": {"InstanceType": kind, "InstanceCount": 1},
    }


def test_the_metrics_are_those_of_the_problems_kind(built: Callable[..., Definition]) -> None:
    steps = flattened(built(of={"kind": "regression", "metric": "rmse", "threshold": 60}))
    final = ["final:rmse", "final:mae", "final:r2"]
    assert metric_names(steps["TrainBaseline"]) == final
    assert metric_names(steps["Train"]) == ["train:rmse", "train:mae", "validation:rmse", "validation:mae", *final]


def test_spot_training_waits_and_keeps_checkpoints(built: Callable[..., Definition], steps: Steps) -> None:
    found = flattened(built(of={"training": {"spot": True, "max_runtime_minutes": 10}}))
    arguments = found["Train"]["Arguments"]
    assert arguments["EnableManagedSpotTraining"] is True
    assert arguments["StoppingCondition"] == {"MaxRuntimeInSeconds": 600, "MaxWaitTimeInSeconds": 1200}
    address = "s3://sageline-artifacts-111122223333/sageline-two-words/checkpoints/Train"
    assert arguments["CheckpointConfig"] == {"S3Uri": address, "LocalPath": "/opt/ml/checkpoints"}
    for request in (found["TrainBaseline"]["Arguments"], steps["Train"]["Arguments"]):
        assert "CheckpointConfig" not in request
        assert not request.get("EnableManagedSpotTraining")


def test_a_problem_may_shorten_the_time_but_not_exceed_the_environments(built: Callable[..., Definition]) -> None:
    for minutes, seconds in ((10, 600), (600, 5400)):
        step = flattened(built(of={"training": {"max_runtime_minutes": minutes}}))["Train"]
        assert step["Arguments"]["StoppingCondition"]["MaxRuntimeInSeconds"] == seconds
