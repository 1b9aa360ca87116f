"""CreateNeoModel: only where the problem has its endpoint serve the compiled model, and behind the deploy gate."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from local.definition.validate import validate
from tests.pipeline.conftest import Definition, flattened

Steps = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def definition(built: Callable[..., Definition]) -> Definition:
    asked = {"targets": ["ml_c5", "ml_m5", "rasp4b"], "endpoint": True}
    return built(of={"compile": asked, "deploy": {"batch": True, "container": "sageline-serving:1"}})


@pytest.fixture(scope="module")
def served(definition: Definition) -> Steps:
    return flattened(definition)


def test_the_laptop_finds_nothing_wrong_with_it(definition: Definition) -> None:
    assert validate(definition, text_size=len(json.dumps(definition))) == []


def test_neos_image_stands_between_two_containers_of_the_registered_archive(served: Steps, steps: Steps) -> None:
    """Those run scripts, which our own image does not: they are of AWS's image, whichever serves the archive alone."""
    arguments = served["CreateNeoModel"]["Arguments"]
    before, neo, behind = arguments["Containers"]
    (registered,) = steps["Register"]["Arguments"]["InferenceSpecification"]["Containers"]
    for container, name in ((before, "preprocess"), (behind, "postprocess")):
        program = {"SAGEMAKER_PROGRAM": f"{name}ing.py"}
        environment = {**registered["Environment"], **program}
        assert container == {**registered, "Environment": environment, "ContainerHostname": name}
    assert neo == {
        "ContainerHostname": "neo",
        "Image": "802834080501.dkr.ecr.eu-west-1.amazonaws.com/xgboost-neo:latest",
        "ModelDataUrl": {"Get": "Steps.Compile-ml-m5.OutputParameters['ModelArtifacts']"},
    }
    assert arguments["InferenceExecutionConfig"] == {"Mode": "Serial"}


def test_it_is_isolated_in_the_network_as_every_model(served: Steps) -> None:
    neo, plain = served["CreateNeoModel"]["Arguments"], served["CreateModel"]["Arguments"]
    for name in ("EnableNetworkIsolation", "ExecutionRoleArn", "Tags", "VpcConfig"):
        assert neo[name] == plain[name]


def test_only_what_is_deployed_waits_for_the_compilation(served: Steps) -> None:
    gate = served["DeployGate"]
    assert gate["DependsOn"] == ["Register"]
    deployed = [step["Name"] for step in gate["Arguments"]["IfSteps"]]
    assert deployed == ["CreateNeoModel", "EndpointConfig", "Endpoint", "SmokeTest"]
    (variant,) = served["EndpointConfig"]["Arguments"]["ProductionVariants"]
    assert variant["ModelName"] == {"Get": "Steps.CreateNeoModel.ModelName"}
    waiting = [
        name for name, step in served.items() if '"Steps.Compile-' in json.dumps(step) and "IfSteps" not in str(step)
    ]
    assert waiting == ["CreateNeoModel"]


def test_rows_are_scored_in_batch_by_the_registered_archive(served: Steps) -> None:
    assert served["BatchTransform"]["Arguments"]["ModelName"] == {"Get": "Steps.CreateModel.ModelName"}


def test_nothing_of_it_is_there_unless_the_problem_says_so(steps: Steps) -> None:
    assert "CreateNeoModel" not in steps
    assert "xgboost-neo" not in json.dumps(steps)
