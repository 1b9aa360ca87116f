"""What is deployed is what runs: the definition, the code and the functions are fetched back, and run on the laptop."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from cli.builtin_data import materialise
from local.client import client
from tests.infra.deploy.deployed import Deployed

PIPELINE = "sageline-breast-cancer"
FUNCTIONS = ("sageline-find-champion", "sageline-smoke-test")
ROLE = "arn:aws:iam::111122223333:role/any"


class Laptop:
    """A home that is given what stands in the account, through boto3 alone."""

    def __init__(self, home: Path, deployed: Deployed) -> None:
        self._home, self._deployed = home, deployed

    def client(self, service: str) -> Any:
        return client(service, self._home)

    def fetch_pipeline(self) -> Any:
        """Bring the deployed definition, as it stands; return it."""
        found = self._deployed.client("sagemaker").describe_pipeline(PipelineName=PIPELINE)
        self.client("sagemaker").create_pipeline(
            PipelineName=PIPELINE,
            PipelineDefinition=found["PipelineDefinition"],
            RoleArn=found["RoleArn"],
            ClientRequestToken="t" * 32,
        )
        return json.loads(found["PipelineDefinition"])

    def fetch_functions(self) -> None:
        """Bring the functions, each as the archive that the CDK's command line has published."""
        for name in FUNCTIONS:
            found = self._deployed.client("lambda").get_function(FunctionName=name)
            settings = found["Configuration"]
            self.client("lambda").create_function(
                FunctionName=name,
                Code={"ZipFile": self._asset(found["Code"]["Location"].rpartition("/")[2])},
                **{each: settings[each] for each in ("Handler", "Role", "Runtime", "Timeout", "MemorySize")},
            )

    def fetch_code(self, definition: Any) -> str:
        """Bring the code bundle to the address that the definition's jobs read it from; return that address."""
        prepare = definition["Steps"][0]["Arguments"]
        (uri,) = (each["S3Input"]["S3Uri"] for each in prepare["ProcessingInputs"] if each["InputName"] == "code")
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        self.put(bucket, key, self._deployed.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read())
        return str(uri)

    def put(self, bucket: str, key: str, content: bytes) -> None:
        s3 = self.client("s3")
        if bucket not in [each["Name"] for each in s3.list_buckets()["Buckets"]]:
            s3.create_bucket(Bucket=bucket)
        s3.put_object(Bucket=bucket, Key=key, Body=content)

    def run(self) -> Any:
        """Start the pipeline with nothing but its defaults, and wait for its end."""
        sagemaker = self.client("sagemaker")
        arn = sagemaker.start_pipeline_execution(PipelineName=PIPELINE)["PipelineExecutionArn"]
        ended: dict[str, Any] = {}
        deadline = time.monotonic() + 200
        while ended.get("PipelineExecutionStatus", "Executing") == "Executing" and time.monotonic() < deadline:
            time.sleep(0.2)
            ended = sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)
        return ended

    def _asset(self, key: str) -> bytes:
        server = self._deployed.server
        bucket = f"cdk-hnb659fds-assets-{server.account}-{server.region}"
        content: bytes = self._deployed.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
        return content


@pytest.fixture(scope="module")
def laptop(deployed: Deployed, tmp_path_factory: pytest.TempPathFactory) -> Laptop:
    """The laptop after it has run the deployed pipeline on data in the deployed bucket's folder."""
    laptop = Laptop(tmp_path_factory.mktemp("laptop"), deployed)
    definition = laptop.fetch_pipeline()
    laptop.fetch_functions()
    laptop.fetch_code(definition)
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
