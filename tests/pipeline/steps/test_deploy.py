from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.pipeline.conftest import Definition, flattened
from tests.pipeline.inputs import VALUES

Steps = dict[str, dict[str, Any]]
ARCHIVE = {"Get": "Steps.Train.ModelArtifacts.S3ModelArtifacts"}


def test_nothing_is_deployed_unless_whoever_starts_it_says_so(steps: Steps) -> None:
    gate = steps["DeployGate"]
    assert gate["DependsOn"] == ["Register"]
    assert gate["Arguments"]["Conditions"] == [
        {"Type": "Equals", "LeftValue": {"Get": "Parameters.DeployEndpoint"}, "RightValue": True}
    ]
    assert gate["Arguments"]["ElseSteps"] == []


def test_a_problem_may_ask_for_its_endpoint(built: Callable[..., Definition]) -> None:
    parameters = {each["Name"]: each for each in built(of={"deploy": {"endpoint": True}})["Parameters"]}
    assert parameters["DeployEndpoint"]["DefaultValue"] is True
    assert "BatchInputUri" not in parameters


def test_what_is_deployed_is_what_is_registered(steps: Steps) -> None:
    registered = steps["Register"]["Arguments"]["InferenceSpecification"]["Containers"][0]
    model = steps["CreateModel"]["Arguments"]
    assert model["PrimaryContainer"] == registered
    assert model["EnableNetworkIsolation"] is True
    assert model["ExecutionRoleArn"] == VALUES["EndpointRoleArn"]
    assert "ModelName" not in model, "the service makes a name that is new in every execution"


def test_the_endpoint_has_the_problems_name_and_each_execution_its_configuration(steps: Steps) -> None:
    config = steps["EndpointConfig"]["Arguments"]
    name = {"Std:Join": {"On": "-", "Values": ["sageline-two-words", {"Get": "Execution.PipelineExecutionId"}]}}
    assert config["EndpointConfigName"] == name
    assert config["KmsKeyId"] == VALUES["ArtifactKeyArn"]
    assert config["ProductionVariants"][0]["ModelName"] == {"Get": "Steps.CreateModel.ModelName"}
    endpoint = steps["Endpoint"]["Arguments"]
    assert endpoint["EndpointName"] == "sageline-two-words"
    assert endpoint["EndpointConfigName"] == {"Get": "Steps.EndpointConfig.EndpointConfigName"}


def test_instances_with_disks_of_their_own_get_no_key(built: Callable[..., Definition]) -> None:
    instances = {"processing": "ml.m5.large", "training": ["ml.m5.xlarge"], "inference": "ml.g4dn.xlarge"}
    config = flattened(built(at={"instances": instances}))["EndpointConfig"]["Arguments"]
    assert "KmsKeyId" not in config


def test_the_smoke_test_asks_the_endpoint_for_the_archives_samples(steps: Steps) -> None:
    step = steps["SmokeTest"]
    assert (step["Type"], step["FunctionArn"]) == ("Lambda", VALUES["SmokeTestFunctionArn"])
    assert step["Arguments"] == {"EndpointName": {"Get": "Steps.Endpoint.EndpointName"}, "ModelDataUrl": ARCHIVE}


def test_batch_scoring_is_there_where_the_problem_asks_for_it(built: Callable[..., Definition], steps: Steps) -> None:
    assert "BatchTransform" not in steps
    found = flattened(built(of={"deploy": {"batch": True}}))
    gate = found["ChampionGate"]["Arguments"]["IfSteps"]
    assert [step["Name"] for step in gate] == ["Register", "CreateModel", "BatchTransform", "DeployGate"]
    assert found["CreateModel"]["DependsOn"] == ["Register"]
    arguments = found["BatchTransform"]["Arguments"]
    assert arguments["ModelName"] == {"Get": "Steps.CreateModel.ModelName"}
    source = arguments["TransformInput"]["DataSource"]["S3DataSource"]["S3Uri"]
    assert source == {"Get": "Parameters.BatchInputUri"}
    assert arguments["TransformInput"]["SplitType"] == "None", "a line alone has lost its header"
    assert found["BatchTransform"]["CacheConfig"]["Enabled"] is True
