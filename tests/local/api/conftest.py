"""Clients of one fresh home, and the smallest things that a test may want to find there."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from local.client import client
from local.store.home import Home
from local.store.store import Store

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sagemaker import SageMakerClient

ROLE = "arn:aws:iam::000000000000:role/pipeline"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def store(home: Path) -> Store:
    return Store(Home.find(home))


@pytest.fixture
def sagemaker(home: Path) -> SageMakerClient:
    return client("sagemaker", home)


@pytest.fixture
def s3(home: Path) -> S3Client:
    return client("s3", home)


@pytest.fixture
def logs(home: Path) -> CloudWatchLogsClient:
    return client("logs", home)


@pytest.fixture
def refused() -> Callable[..., tuple[str, str]]:
    """Call something that must fail; gives the error's code and message."""

    def call(function: Callable[..., Any], **params: Any) -> tuple[str, str]:
        with pytest.raises(ClientError) as caught:
            function(**params)
        error = caught.value.response["Error"]
        return error["Code"], error["Message"]

    return call


@pytest.fixture
def definition() -> Callable[..., str]:
    """Make a definition that needs no jobs: it fails with a message where the parameter Go is not `yes`."""

    def make(**members: Any) -> str:
        check = {"Type": "Equals", "LeftValue": {"Get": "Parameters.Go"}, "RightValue": "yes"}
        stop = {"Name": "Stop", "Type": "Fail", "Arguments": {"ErrorMessage": "Go was not yes."}}
        decide = {
            "Name": "Decide",
            "Type": "Condition",
            "DisplayName": "Shall it go?",
            "Arguments": {"Conditions": [check], "IfSteps": [], "ElseSteps": [stop]},
        }
        whole = {
            "Version": "2020-12-01",
            "Metadata": {},
            "Parameters": [
                {"Name": "Go", "Type": "String", "DefaultValue": "yes", "EnumValues": ["yes", "no"]},
                {"Name": "Count", "Type": "Integer", "DefaultValue": 1},
            ],
            "Steps": [decide],
            **members,
        }
        return json.dumps(whole)

    return make


@pytest.fixture
def pipeline(sagemaker: SageMakerClient, definition: Callable[..., str]) -> str:
    """The name of a pipeline that is there."""
    sagemaker.create_pipeline(
        PipelineName="Demo", PipelineDefinition=definition(), RoleArn=ROLE, ClientRequestToken="t" * 32
    )
    return "Demo"
