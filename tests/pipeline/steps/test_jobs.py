"""What every job of the pipeline must have, whichever step it belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest

from tests.pipeline.inputs import VALUES

PROCESSING = ("Prepare", "Evaluate")
TRAINING = ("TrainBaseline", "Train")
Steps = dict[str, dict[str, Any]]


@pytest.mark.parametrize("name", PROCESSING)
def test_a_processing_job_is_isolated_in_the_private_subnets(steps: Steps, name: str) -> None:
    assert steps[name]["Arguments"]["NetworkConfig"] == {
        "EnableNetworkIsolation": True,
        "EnableInterContainerTrafficEncryption": True,
        "VpcConfig": {
            "SecurityGroupIds": [VALUES["JobSecurityGroup"]],
            "Subnets": [VALUES[f"PrivateSubnet{zone}"] for zone in (1, 2, 3)],
        },
    }


@pytest.mark.parametrize("name", TRAINING)
def test_a_training_job_is_isolated_in_the_private_subnets(steps: Steps, name: str) -> None:
    arguments = steps[name]["Arguments"]
    assert arguments["EnableNetworkIsolation"] is True
    assert arguments["EnableInterContainerTrafficEncryption"] is True
    assert arguments["VpcConfig"]["SecurityGroupIds"] == [VALUES["JobSecurityGroup"]]
    assert len(arguments["VpcConfig"]["Subnets"]) == 3


def test_each_kind_of_job_has_its_role(steps: Steps) -> None:
    assert {name: steps[name]["Arguments"]["RoleArn"] for name in PROCESSING + TRAINING} == {
        **dict.fromkeys(PROCESSING, VALUES["ProcessingRoleArn"]),
        **dict.fromkeys(TRAINING, VALUES["TrainingRoleArn"]),
    }


def test_everything_written_is_encrypted_with_the_artifact_key(steps: Steps) -> None:
    key = VALUES["ArtifactKeyArn"]
    for name in PROCESSING:
        arguments = steps[name]["Arguments"]
        assert arguments["ProcessingOutputConfig"]["KmsKeyId"] == key
        assert arguments["ProcessingResources"]["ClusterConfig"]["VolumeKmsKeyId"] == key
    for name in TRAINING:
        arguments = steps[name]["Arguments"]
        assert arguments["OutputDataConfig"]["KmsKeyId"] == key
        assert arguments["ResourceConfig"]["VolumeKmsKeyId"] == key


@pytest.mark.parametrize("name", PROCESSING + TRAINING)
def test_a_job_ends_in_time_and_is_paid_for_by_its_problem(steps: Steps, name: str) -> None:
    arguments = steps[name]["Arguments"]
    assert arguments["StoppingCondition"] == {"MaxRuntimeInSeconds": 90 * 60}
    assert arguments["Tags"] == [
        {"Key": "sageline:problem", "Value": "two_words"},
        {"Key": "sageline:environment", "Value": "trial"},
    ]


@pytest.mark.parametrize("name", PROCESSING + TRAINING)
def test_the_code_arrives_as_an_input_and_is_named_by_its_file(steps: Steps, name: str) -> None:
    arguments = steps[name]["Arguments"]
    if name in PROCESSING:
        (code,) = [each["S3Input"] for each in arguments["ProcessingInputs"] if each["InputName"] == "code"]
        place, file = code["LocalPath"], arguments["AppSpecification"]["ContainerArguments"][0]
    else:
        channels = {each["ChannelName"]: each for each in arguments["InputDataConfig"]}
        code = channels["code"]["DataSource"]["S3DataSource"]
        place = "/opt/ml/input/data/code"
        file = arguments["HyperParameters"]["sagemaker_submit_directory"].strip('"')
    assert code["S3Uri"] == VALUES["CodeUri"]
    assert file == f"{place}/{VALUES['CodeFile']}"


@pytest.mark.parametrize("name", PROCESSING)
def test_a_processing_job_stays_within_the_limits_of_arguments(steps: Steps, name: str) -> None:
    application = steps[name]["Arguments"]["AppSpecification"]
    texts = [*application["ContainerEntrypoint"], *application["ContainerArguments"]]
    assert len(texts) <= 100
    assert all(len(text) <= 256 and "\n" not in text for text in texts if isinstance(text, str))


@pytest.mark.parametrize("name", PROCESSING)
def test_outputs_lie_below_their_execution_and_step(steps: Steps, name: str) -> None:
    for output in steps[name]["Arguments"]["ProcessingOutputConfig"]["Outputs"]:
        assert output["S3Output"] == {
            "S3Uri": under(name, output["OutputName"]),
            "LocalPath": f"/opt/ml/processing/output/{output['OutputName']}",
            "S3UploadMode": "EndOfJob",
        }


@pytest.mark.parametrize("name", TRAINING)
def test_models_lie_below_their_execution_and_step(steps: Steps, name: str) -> None:
    output = steps[name]["Arguments"]["OutputDataConfig"]
    assert output["S3OutputPath"] == under(name)
    assert output["CompressionType"] == "GZIP"


def under(*parts: str) -> dict[str, Any]:
    start = f"s3://{VALUES['ArtifactBucket']}/sageline-two-words"
    return {"Std:Join": {"On": "/", "Values": [start, {"Get": "Execution.PipelineExecutionId"}, *parts]}}


REQUESTS = {
    "Processing": ("CreateProcessingJob", {"ProcessingJobName": "x"}),
    "Training": ("CreateTrainingJob", {"TrainingJobName": "x"}),
    "RegisterModel": ("CreateModelPackage", {}),
}


def test_every_request_is_one_that_aws_knows(steps: Steps) -> None:
    model = botocore.session.get_session().get_service_model("sagemaker")
    checked = []
    for name, step in steps.items():
        if step["Type"] in REQUESTS:
            operation, given_by_service = REQUESTS[step["Type"]]
            shape = model.operation_model(operation).input_shape
            problems = list(mistakes({**step["Arguments"], **given_by_service}, shape, name))
            assert problems == []
            checked.append(name)
    assert checked == ["Prepare", "TrainBaseline", "Train", "Evaluate", "Register"]


def mistakes(value: Any, shape: Any, path: str) -> Iterator[str]:
    """Members that a shape does not have or lacks, and values beyond its limits; references are left alone."""
    if isinstance(value, dict) and next(iter(value), None) in {"Get", "Std:Join", "Std:JsonGet"}:
        return
    if shape.type_name == "structure":
        yield from (f"{path}.{key} is unknown" for key in value if key not in shape.members)
        yield from (f"{path}.{key} is missing" for key in shape.required_members if key not in value)
        for key in value.keys() & shape.members.keys():
            yield from mistakes(value[key], shape.members[key], f"{path}.{key}")
    elif shape.type_name in {"list", "map"}:
        members = enumerate(value) if shape.type_name == "list" else value.items()
        for key, member in members:
            yield from mistakes(member, shape.member if shape.type_name == "list" else shape.value, f"{path}[{key}]")
    yield from limits(value, shape, path)


def limits(value: Any, shape: Any, path: str) -> Iterator[str]:
    size = len(value) if isinstance(value, str | list | dict) else value
    if not shape.metadata.get("min", size) <= size <= shape.metadata.get("max", size):
        yield f"{path} is beyond its limits"
    if value not in shape.metadata.get("enum", [value]):
        yield f"{path} is {value!r}, which AWS does not know"
