from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from local.client import client
from local.functions.invoke import invoke
from local.functions.manifest import Function, register
from local.functions.process import request_id
from local.store.home import Home
from local.store.store import Store

FILE = Path(__file__).parents[3] / "infra" / "functions" / "find_champion.py"
IMAGE = "492215442770.dkr.ecr.eu-central-1.amazonaws.com/sagemaker-xgboost:3.2-0"
STAND_IN = "s3://bucket/code/abc.tar.gz"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(Home(tmp_path / "home"))


def ask(store: Store) -> Any:
    """Invoke the function as it is deployed, in a process of its own."""
    function = register(store, Function("find-champion", FILE, "find_champion.handler"), now=0.0)
    event = {"ModelPackageGroupName": "sageline-two", "StandIn": STAND_IN}
    outcome = invoke(store, function, event, request=request_id("test")).wait()
    assert outcome.error is None, outcome.error
    return outcome.payload


def package(store: Store, number: int, status: Any, **members: Any) -> str:
    """Register a version of the group."""
    return client("sagemaker", store.home.root).create_model_package(
        ModelPackageGroupName="sageline-two",
        ModelApprovalStatus=status,
        InferenceSpecification={
            "Containers": [{"Image": IMAGE, "ModelDataUrl": f"s3://bucket/{number}/model.tar.gz"}],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
        },
        ModelMetrics={
            "ModelQuality": {
                "Statistics": {"ContentType": "application/json", "S3Uri": f"s3://bucket/{number}/evaluation.json"}
            }
        },
        **members,
    )["ModelPackageArn"]


def test_the_newest_approved_version_is_the_champion(store: Store) -> None:
    nobody = dict.fromkeys(("ModelPackageArn", "ModelPackageVersion", "MetricsUri"), "none")
    assert ask(store) == {"ModelDataUri": STAND_IN, "BaselineUri": STAND_IN, **nobody}
    client("sagemaker", store.home.root).create_model_package_group(ModelPackageGroupName="sageline-two")
    package(store, 1, "PendingManualApproval")
    assert ask(store) == {"ModelDataUri": STAND_IN, "BaselineUri": STAND_IN, **nobody}
    package(store, 2, "Approved")
    newest = package(store, 3, "Approved")
    package(store, 4, "Rejected")
    assert ask(store) == {
        "ModelDataUri": "s3://bucket/3/model.tar.gz",
        "ModelPackageArn": newest,
        "ModelPackageVersion": "3",
        "MetricsUri": "s3://bucket/3/evaluation.json",
        "BaselineUri": STAND_IN,
    }


def test_a_model_of_automls_is_named_and_not_given(store: Store) -> None:
    client("sagemaker", store.home.root).create_model_package_group(ModelPackageGroupName="sageline-two")
    package(store, 1, "Approved")
    newest = package(store, 2, "Approved", CustomerMetadataProperties={"problem": "two", "model": "auto"})
    assert ask(store) == {
        "ModelDataUri": STAND_IN,
        "ModelPackageArn": newest,
        "ModelPackageVersion": "2",
        "MetricsUri": "s3://bucket/2/evaluation.json",
        "BaselineUri": STAND_IN,
    }


def test_a_version_names_what_drift_is_measured_against(store: Store) -> None:
    client("sagemaker", store.home.root).create_model_package_group(ModelPackageGroupName="sageline-two")
    uri = "s3://bucket/1/Prepare/profile/baseline.json"
    statistics = {"Statistics": {"ContentType": "application/json", "S3Uri": uri}}
    package(store, 1, "Approved", DriftCheckBaselines={"ModelDataQuality": statistics})
    assert ask(store)["BaselineUri"] == uri
