from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from local.definition.reader import read
from local.definition.validate import validate
from local.engine.preflight import preflight
from tests.pipeline.conftest import Definition, flattened
from tests.pipeline.inputs import VALUES

Built = Callable[..., Definition]
Steps = dict[str, dict[str, Any]]
BEST = "Steps.AutoML.BestCandidate.InferenceContainers[0]"


@pytest.fixture(scope="module")
def definition(built: Built) -> Definition:
    return built(of={"model": "auto", "automl": {"max_candidates": 6, "max_runtime_minutes": 30}})


@pytest.fixture(scope="module")
def auto(definition: Definition) -> Steps:
    return flattened(definition)


def prepared(output: str, step: str = "Prepare") -> dict[str, str]:
    return {"Get": f"Steps.{step}.ProcessingOutputConfig.Outputs['{output}'].S3Output.S3Uri"}


def test_automl_stands_in_the_place_of_training(auto: Steps, steps: Steps) -> None:
    assert steps.keys() - auto.keys() == {"Train"}
    assert auto.keys() - steps.keys() == {"AutoML", "PredictTest"}
    before = list(auto)[: list(auto).index("QualityGate")]
    assert before == [
        *("Prepare", "FindChampion", "TrainBaseline", "AutoML", "CreateModel", "PredictTest", "Evaluate"),
    ]


def test_the_definition_stands_every_check(definition: Definition) -> None:
    assert validate(definition) == []
    assert preflight(read(definition).definition, {"MaxCandidates": 6}) == []


def test_its_parameters_are_those_that_do_something(definition: Definition) -> None:
    declared = {each["Name"]: each for each in definition["Parameters"]}
    assert declared["MaxCandidates"] == {"Name": "MaxCandidates", "Type": "Integer", "DefaultValue": 6}
    assert "TrainingInstanceCount" not in declared, "the baseline is trained on one host"


def test_the_search_is_the_problems_and_keeps_to_its_budget(auto: Steps) -> None:
    request = auto["AutoML"]["Arguments"]
    assert (request["ProblemType"], request["AutoMLJobObjective"]) == ("BinaryClassification", {"MetricName": "AUC"})
    config = request["AutoMLJobConfig"]
    assert config["Mode"] == "ENSEMBLING"
    assert config["CompletionCriteria"] == {
        "MaxCandidates": {"Get": "Parameters.MaxCandidates"},
        "MaxAutoMLJobRuntimeInSeconds": 1800,
        "MaxRuntimePerTrainingJobInSeconds": 1800,
    }
    assert auto["AutoML"]["CacheConfig"]["Enabled"] is True


def test_without_a_budget_the_environments_limit_holds(built: Built) -> None:
    found = flattened(built(of={"model": "auto", "training": {"max_runtime_minutes": 20}}))["AutoML"]["Arguments"]
    assert found["AutoMLJobConfig"]["CompletionCriteria"] == {
        "MaxCandidates": {"Get": "Parameters.MaxCandidates"},
        "MaxAutoMLJobRuntimeInSeconds": 90 * 60,
        "MaxRuntimePerTrainingJobInSeconds": 20 * 60,
    }


def test_it_reads_the_raw_rows_of_both_splits(auto: Steps) -> None:
    channels = {each["ChannelType"]: each for each in auto["AutoML"]["Arguments"]["InputDataConfig"]}
    assert {name: each["DataSource"]["S3DataSource"]["S3Uri"] for name, each in channels.items()} == {
        "training": prepared("raw_train"),
        "validation": prepared("raw_validation"),
    }
    assert {each["TargetAttributeName"] for each in channels.values()} == {"outcome"}
    assert auto["Prepare"]["Arguments"]["AppSpecification"]["ContainerArguments"][-1] == "--raw"


def test_it_runs_in_the_private_network_and_everything_is_encrypted(auto: Steps) -> None:
    request = auto["AutoML"]["Arguments"]
    key = VALUES["ArtifactKeyArn"]
    assert request["AutoMLJobConfig"]["SecurityConfig"] == {
        "EnableInterContainerTrafficEncryption": True,
        "VolumeKmsKeyId": key,
        "VpcConfig": {
            "SecurityGroupIds": [VALUES["JobSecurityGroup"]],
            "Subnets": [VALUES[f"PrivateSubnet{zone}"] for zone in (1, 2, 3)],
        },
    }
    assert request["OutputDataConfig"]["KmsKeyId"] == key
    assert request["RoleArn"] == VALUES["AutoMLRoleArn"]
    assert request["Tags"] == auto["Prepare"]["Arguments"]["Tags"]
    predict = auto["PredictTest"]["Arguments"]
    assert predict["TransformOutput"]["KmsKeyId"] == predict["TransformResources"]["VolumeKmsKeyId"] == key
    assert auto["CreateModel"]["Arguments"]["EnableNetworkIsolation"] is True


def test_what_is_measured_is_what_is_registered_and_served(auto: Steps) -> None:
    container = auto["CreateModel"]["Arguments"]["PrimaryContainer"]
    assert auto["Register"]["Arguments"]["InferenceSpecification"]["Containers"] == [container]
    assert container["Image"] == {"Get": f"{BEST}.Image"}
    assert container["ModelDataUrl"] == {"Get": f"{BEST}.ModelDataUrl"}
    environment = container["Environment"]
    assert environment.pop("SAGEMAKER_INFERENCE_OUTPUT") == "predicted_label,probability,probabilities,labels"
    assert environment == {name: {"Get": f"{BEST}.Environment['{name}']"} for name in environment}
    assert auto["EndpointConfig"]["Arguments"]["ProductionVariants"][0]["ModelName"] == {
        "Get": "Steps.CreateModel.ModelName"
    }
    assert "DependsOn" not in auto["CreateModel"]


def test_a_regression_answers_with_its_value_alone(built: Built) -> None:
    found = flattened(built(of={"model": "auto", "kind": "regression", "metric": "mae", "threshold": 3}))
    assert found["AutoML"]["Arguments"]["ProblemType"] == "Regression"
    environment = found["CreateModel"]["Arguments"]["PrimaryContainer"]["Environment"]
    assert "SAGEMAKER_INFERENCE_OUTPUT" not in environment
    assert "SAGEMAKER_PROGRAM" in environment


def test_the_candidate_is_measured_by_what_it_answers_to_the_test_rows(auto: Steps) -> None:
    predict = auto["PredictTest"]["Arguments"]
    assert predict["TransformInput"]["DataSource"]["S3DataSource"]["S3Uri"] == prepared("raw_test")
    assert (predict["TransformInput"]["SplitType"], predict["TransformOutput"]["AssembleWith"]) == ("Line", "Line")
    evaluate = auto["Evaluate"]["Arguments"]
    assert evaluate["AppSpecification"]["ContainerArguments"][-2:] == ["--candidate", "predictions"]
    inputs = {each["InputName"]: each["S3Input"]["S3Uri"] for each in evaluate["ProcessingInputs"]}
    assert inputs["predictions"] == {"Get": "Steps.PredictTest.TransformOutput.S3OutputPath"}
    assert inputs["raw_test"] == prepared("raw_test")
    assert inputs.keys() >= {"baseline", "champion", "test"}
    assert "candidate" not in inputs


def test_the_smoke_test_asks_for_test_rows_whose_answers_evaluate_has_kept(auto: Steps) -> None:
    assert auto["SmokeTest"]["Arguments"]["SamplesUri"] == {
        "Std:Join": {"On": "/", "Values": [prepared("evaluation", "Evaluate"), "samples.json"]}
    }
    assert "ModelDataUrl" not in auto["SmokeTest"]["Arguments"]


def test_the_registry_tells_whose_model_it_is(auto: Steps, steps: Steps) -> None:
    assert auto["Register"]["Arguments"]["CustomerMetadataProperties"]["model"] == "auto"
    assert "model" not in steps["Register"]["Arguments"]["CustomerMetadataProperties"]


def test_rows_for_batch_are_brought_into_the_models_form(built: Built) -> None:
    found = flattened(built(of={"model": "auto", "deploy": {"batch": True}}))
    gate = found["ChampionGate"]["Arguments"]["IfSteps"]
    assert [step["Name"] for step in gate] == ["Register", "PrepareBatch", "BatchTransform", "DeployGate"]
    assert found["PrepareBatch"]["DependsOn"] == ["Register"]
    inputs = {
        each["InputName"]: each["S3Input"]["S3Uri"] for each in found["PrepareBatch"]["Arguments"]["ProcessingInputs"]
    }
    assert inputs["data"] == {"Get": "Parameters.BatchInputUri"}
    assert inputs["features"] == prepared("features")
    batch = found["BatchTransform"]["Arguments"]["TransformInput"]
    assert batch["DataSource"]["S3DataSource"]["S3Uri"] == prepared("rows", "PrepareBatch")
    assert batch["SplitType"] == "Line"


def test_shards_write_the_raw_rows_too(built: Built) -> None:
    definition = built(of={"model": "auto", "processing": {"shards": 2}})
    assert validate(definition) == []
    found = flattened(definition)
    (training, _) = found["AutoML"]["Arguments"]["InputDataConfig"]
    uri = training["DataSource"]["S3DataSource"]["S3Uri"]
    assert uri == prepared("raw_train", "TransformShards")
