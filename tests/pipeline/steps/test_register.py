from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.pipeline.conftest import Definition, flattened

Steps = dict[str, dict[str, Any]]


def test_the_candidate_becomes_a_version_of_the_problems_group(steps: Steps) -> None:
    arguments = steps["Register"]["Arguments"]
    assert arguments["ModelPackageGroupName"] == "sageline-two-words"
    assert arguments["ModelApprovalStatus"] == {"Get": "Parameters.ModelApprovalStatus"}
    assert arguments["CustomerMetadataProperties"] == {"problem": "two_words", "metric": "auc"}
    assert "Tags" not in arguments, "the service refuses tags on a version of a group"


def test_it_is_served_by_the_image_from_the_code_in_the_archive(steps: Steps) -> None:
    specification = steps["Register"]["Arguments"]["InferenceSpecification"]
    assert specification["Containers"] == [
        {
            "Image": "141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:3.2-0",
            "ModelDataUrl": {"Get": "Steps.Train.ModelArtifacts.S3ModelArtifacts"},
            "Environment": {
                "SAGEMAKER_PROGRAM": "serving.py",
                "SAGEMAKER_SUBMIT_DIRECTORY": "/opt/ml/model/code",
                "PIP_NO_BUILD_ISOLATION": "0",
                "PIP_NO_INDEX": "1",
            },
        }
    ]
    assert specification["SupportedContentTypes"] == ["text/csv", "application/json"]
    assert specification["SupportedRealtimeInferenceInstanceTypes"] == ["ml.m5.large"]


def test_our_own_image_is_that_of_the_environments_account(built: Callable[..., Definition]) -> None:
    found = flattened(built(of={"deploy": {"endpoint": True, "container": "sageline-serving:7"}}))
    expected = {
        "Image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/sageline-serving:7",
        "ModelDataUrl": {"Get": "Steps.Train.ModelArtifacts.S3ModelArtifacts"},
    }
    assert found["Register"]["Arguments"]["InferenceSpecification"]["Containers"] == [expected]
    assert found["CreateModel"]["Arguments"]["PrimaryContainer"] == expected


def test_the_registry_shows_the_evaluation(steps: Steps) -> None:
    statistics = steps["Register"]["Arguments"]["ModelMetrics"]["ModelQuality"]["Statistics"]
    folder = {"Get": "Steps.Evaluate.ProcessingOutputConfig.Outputs['evaluation'].S3Output.S3Uri"}
    assert statistics == {
        "ContentType": "application/json",
        "S3Uri": {"Std:Join": {"On": "/", "Values": [folder, "evaluation.json"]}},
    }


def test_the_registry_knows_what_drift_is_measured_against(built: Callable[..., Definition]) -> None:
    for shards, step in ((1, "Prepare"), (2, "MergeFits")):
        arguments = flattened(built(of={"processing": {"shards": shards}}))["Register"]["Arguments"]
        folder = {"Get": f"Steps.{step}.ProcessingOutputConfig.Outputs['profile'].S3Output.S3Uri"}
        assert arguments["DriftCheckBaselines"]["ModelDataQuality"]["Statistics"] == {
            "ContentType": "application/json",
            "S3Uri": {"Std:Join": {"On": "/", "Values": [folder, "baseline.json"]}},
        }


def test_a_goal_on_several_lines_becomes_a_description_that_the_registry_takes(
    built: Callable[..., Definition],
) -> None:
    step = flattened(built(of={"goal": "Tell one\n  thing from another. " + "Well. " * 160}))["Register"]
    description = step["Arguments"]["ModelPackageDescription"]
    assert description.startswith("Tell one thing from another. Well.")
    assert len(description) <= 1024
