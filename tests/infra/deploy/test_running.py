"""What is deployed is what runs: the definition, the code and the functions are fetched back, and run on the laptop."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.infra.deploy.deployed import Deployed
from tests.infra.deploy.laptop import PIPELINE, Laptop
from tests.infra.deploy.trying import Try


@pytest.fixture(scope="module")
def laptop(tried: Try) -> Laptop:
    """The laptop after it has run the deployed pipeline."""
    return tried.account


def steps(laptop: Laptop) -> dict[str, Any]:
    sagemaker = laptop.client("sagemaker")
    executions = sagemaker.list_pipeline_executions(PipelineName=PIPELINE, SortOrder="Ascending")
    arn = executions["PipelineExecutionSummaries"][0]["PipelineExecutionArn"]
    listed = sagemaker.list_pipeline_execution_steps(PipelineExecutionArn=arn)["PipelineExecutionSteps"]
    return {each["StepName"]: each for each in listed}


def package(laptop: Laptop) -> Any:
    sagemaker = laptop.client("sagemaker")
    listed = sagemaker.list_model_packages(ModelPackageGroupName=PIPELINE, SortOrder="Ascending")
    return sagemaker.describe_model_package(ModelPackageName=listed["ModelPackageSummaryList"][0]["ModelPackageArn"])


def test_the_deployed_definition_runs_to_a_registered_model(laptop: Laptop) -> None:
    found = steps(laptop)
    assert {each["StepStatus"] for each in found.values()} == {"Succeeded"}
    assert found["QualityGate"]["Metadata"]["Condition"]["Outcome"] == "True"
    assert found["Register"]["Metadata"]["RegisterModel"]["Arn"] == package(laptop)["ModelPackageArn"]


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


def test_without_more_being_said_it_reads_the_folder_of_raw_data_and_leaves_approval_to_a_person(
    laptop: Laptop, deployed: Deployed
) -> None:
    found = laptop.client("sagemaker").describe_pipeline(PipelineName=PIPELINE)["PipelineDefinition"]
    defaults = {each["Name"]: each["DefaultValue"] for each in json.loads(found)["Parameters"]}
    raw = deployed.one("data", "AWS::S3::Bucket", "Raw")
    assert defaults["ModelApprovalStatus"] == "PendingManualApproval"
    assert defaults["InputDataUri"] == f"s3://{raw}/breast_cancer/input/"
