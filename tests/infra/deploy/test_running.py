"""What is deployed is what runs: the definition, the code and the functions are fetched back, and run on the laptop."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cli.builtin_data import materialise
from tests.infra.deploy.deployed import Deployed
from tests.infra.deploy.laptop import PIPELINE, Laptop


@pytest.fixture(scope="module")
def laptop(deployed: Deployed, tmp_path_factory: pytest.TempPathFactory) -> Laptop:
    """The laptop after it has run the deployed pipeline on data in the deployed bucket's folder."""
    laptop = Laptop(tmp_path_factory.mktemp("laptop"), deployed)
    laptop.fetch()
    raw = deployed.one("data", "AWS::S3::Bucket", "Raw")
    laptop.put(raw, "breast_cancer/input/patients.csv", materialise("breast_cancer"))
    ended = laptop.run()
    assert ended["PipelineExecutionStatus"] == "Succeeded", ended
    return laptop


def steps(laptop: Laptop) -> dict[str, Any]:
    sagemaker = laptop.client("sagemaker")
    (execution,) = sagemaker.list_pipeline_executions(PipelineName=PIPELINE)["PipelineExecutionSummaries"]
    arn = execution["PipelineExecutionArn"]
    listed = sagemaker.list_pipeline_execution_steps(PipelineExecutionArn=arn)["PipelineExecutionSteps"]
    return {each["StepName"]: each for each in listed}


def package(laptop: Laptop) -> Any:
    sagemaker = laptop.client("sagemaker")
    (listed,) = sagemaker.list_model_packages(ModelPackageGroupName=PIPELINE)["ModelPackageSummaryList"]
    return sagemaker.describe_model_package(ModelPackageName=listed["ModelPackageArn"])


def test_the_deployed_definition_runs_to_a_registered_model(laptop: Laptop) -> None:
    found = steps(laptop)
    assert {each["StepStatus"] for each in found.values()} == {"Succeeded"}
    assert found["QualityGate"]["Metadata"]["Condition"]["Outcome"] == "True"
    assert package(laptop)["ModelApprovalStatus"] == "PendingManualApproval"


def test_it_is_the_deployed_function_that_looks_for_the_champion(laptop: Laptop, deployed: Deployed) -> None:
    ran = steps(laptop)["FindChampion"]["Metadata"]["Lambda"]
    assert ran["Arn"].endswith(":function:sageline-find-champion")
    assert {each["Name"]: each["Value"] for each in ran["OutputParameters"]}["ModelPackageArn"] == "none"
    code = [
        place("lambda").get_function(FunctionName="sageline-find-champion")["Configuration"]["CodeSha256"]
        for place in (laptop.client, deployed.client)
    ]
    assert code[0] == code[1]


def test_what_it_makes_lies_where_the_deployed_definition_says(laptop: Laptop, deployed: Deployed) -> None:
    artifacts = deployed.one("data", "AWS::S3::Bucket", "Artifacts")
    (container,) = package(laptop)["InferenceSpecification"]["Containers"]
    assert container["ModelDataUrl"].startswith(f"s3://{artifacts}/{PIPELINE}/")
    bucket, _, key = container["ModelDataUrl"].removeprefix("s3://").partition("/")
    assert laptop.client("s3").head_object(Bucket=bucket, Key=key)["ContentLength"] > 0
    quality = package(laptop)["ModelMetrics"]["ModelQuality"]["Statistics"]["S3Uri"]
    bucket, _, key = quality.removeprefix("s3://").partition("/")
    measured = json.load(laptop.client("s3").get_object(Bucket=bucket, Key=key)["Body"])
    assert measured["binary_classification_metrics"]["auc"]["value"] >= 0.97
