"""Every operation that the laptop offers: known to AWS's model, and answered in the shape that the model gives it."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from botocore import xform_name

from local.api import services
from local.api.dispatch import Dispatcher
from local.definition import shapes
from local.definition.models import service_model
from local.registry import callbacks
from local.store.executions import new_execution
from local.store.names import arn, execution_arn, role_arn
from local.store.steps import StepRecord
from local.store.store import Store
from tests.support import tours
from tests.support.functions import register

HERE = Path(__file__).parent
Response = Mapping[str, Any]
Given = Callable[[dict[str, Response]], dict[str, Any]]
TOKEN = "t" * 32
NOUNS = {
    "AutoMLJob": "automl-job",
    "HyperParameterTuningJob": "hyper-parameter-tuning-job",
    "ProcessingJob": "processing-job",
    "TrainingJob": "training-job",
    "TransformJob": "transform-job",
}
IMAGE = "000000000000.dkr.ecr.us-east-1.amazonaws.com/image:1"


def nothing(_: dict[str, Response]) -> dict[str, Any]:
    return {}


def execution(before: dict[str, Response]) -> dict[str, Any]:
    return {"PipelineExecutionArn": before["StartPipelineExecution"]["PipelineExecutionArn"]}


def with_token(before: dict[str, Response]) -> dict[str, Any]:
    return {**execution(before), "ClientRequestToken": TOKEN}


def package(before: dict[str, Response]) -> dict[str, Any]:
    return {"ModelPackageName": before["CreateModelPackage"]["ModelPackageArn"]}


def group(_: dict[str, Response]) -> dict[str, Any]:
    return {"ModelPackageGroupName": "group"}


def pipeline(_: dict[str, Response]) -> dict[str, Any]:
    return {"PipelineName": "Demo"}


def tagged(before: dict[str, Response]) -> dict[str, Any]:
    return {"ResourceArn": before["CreatePipeline"]["PipelineArn"]}


def item(_: dict[str, Response]) -> dict[str, Any]:
    return {"Bucket": "one", "Key": "k"}


def part(before: dict[str, Response]) -> dict[str, Any]:
    return {"Bucket": "one", "Key": "joined", "UploadId": before["CreateMultipartUpload"]["UploadId"]}


def bucket(_: dict[str, Response]) -> dict[str, Any]:
    return {"Bucket": "one"}


def stop(noun: str) -> Given:
    return lambda _: {f"{noun}Name": "job"}


# In the order in which they are asked; each is given what the ones before it answered.
SAGEMAKER: dict[str, Given] = {
    "CreatePipeline": lambda before: {
        **pipeline(before),
        "PipelineDefinition": before["definition"]["text"],
        "RoleArn": role_arn("pipeline"),
        "ClientRequestToken": TOKEN,
        "Tags": [{"Key": "a", "Value": "b"}],
    },
    "UpdatePipeline": lambda before: {**pipeline(before), "PipelineDescription": "Changed."},
    "StartPipelineExecution": lambda before: {**pipeline(before), "ClientRequestToken": TOKEN},
    "DescribePipeline": pipeline,
    "ListPipelines": nothing,
    "UpdatePipelineExecution": lambda before: {**execution(before), "PipelineExecutionDisplayName": "other"},
    "StopPipelineExecution": with_token,
    "RetryPipelineExecution": with_token,
    "DescribePipelineExecution": execution,
    "DescribePipelineDefinitionForExecution": execution,
    "ListPipelineExecutions": pipeline,
    "ListPipelineExecutionSteps": execution,
    "ListPipelineParametersForExecution": execution,
    "DescribeProcessingJob": lambda _: {"ProcessingJobName": "job"},
    "ListProcessingJobs": nothing,
    "DescribeTrainingJob": lambda _: {"TrainingJobName": "job"},
    "ListTrainingJobs": nothing,
    "DescribeHyperParameterTuningJob": lambda _: {"HyperParameterTuningJobName": "job"},
    "ListHyperParameterTuningJobs": nothing,
    "ListTrainingJobsForHyperParameterTuningJob": lambda _: {"HyperParameterTuningJobName": "job"},
    "DescribeAutoMLJob": lambda _: {"AutoMLJobName": "job"},
    "DescribeAutoMLJobV2": lambda _: {"AutoMLJobName": "job"},
    "ListAutoMLJobs": nothing,
    "ListCandidatesForAutoMLJob": lambda _: {"AutoMLJobName": "job"},
    "DescribeTransformJob": lambda _: {"TransformJobName": "job"},
    "ListTransformJobs": nothing,
    **{f"Stop{noun}": stop(noun) for noun in NOUNS},
    "CreateModel": lambda _: {"ModelName": "model", "PrimaryContainer": {"Image": IMAGE}},
    "DescribeModel": lambda _: {"ModelName": "model"},
    "ListModels": nothing,
    "CreateEndpointConfig": lambda _: {
        "EndpointConfigName": "config",
        "ProductionVariants": [
            {"VariantName": "one", "ModelName": "model", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
        ],
    },
    "DescribeEndpointConfig": lambda _: {"EndpointConfigName": "config"},
    "ListEndpointConfigs": nothing,
    "DeleteEndpointConfig": lambda _: {"EndpointConfigName": "config"},
    "DeleteModel": lambda _: {"ModelName": "model"},
    "SendPipelineExecutionStepSuccess": lambda before: {"CallbackToken": before["first token"]["token"]},
    "SendPipelineExecutionStepFailure": lambda before: {"CallbackToken": before["second token"]["token"]},
    "CreateModelPackageGroup": group,
    "DescribeModelPackageGroup": group,
    "ListModelPackageGroups": nothing,
    "CreateModelPackage": group,
    "DescribeModelPackage": package,
    "ListModelPackages": group,
    "UpdateModelPackage": lambda before: {
        "ModelPackageArn": before["CreateModelPackage"]["ModelPackageArn"],
        "ModelApprovalStatus": "Approved",
    },
    "DeleteModelPackage": package,
    "DeleteModelPackageGroup": group,
    "AddTags": lambda before: {**tagged(before), "Tags": [{"Key": "c", "Value": "d"}]},
    "ListTags": tagged,
    "DeleteTags": lambda before: {**tagged(before), "TagKeys": ["a"]},
    "Search": lambda _: {"Resource": "Pipeline"},
    "DeletePipeline": lambda before: {**pipeline(before), "ClientRequestToken": TOKEN},
}
S3: dict[str, Given] = {
    "CreateBucket": bucket,
    "HeadBucket": bucket,
    "GetBucketLocation": bucket,
    "ListBuckets": nothing,
    "PutObject": lambda before: {**item(before), "Body": Body(b"hello")},
    "HeadObject": item,
    "GetObject": item,
    "CopyObject": lambda before: {**item(before), "Key": "copy", "CopySource": "one/k"},
    "ListObjects": bucket,
    "ListObjectsV2": bucket,
    "CreateMultipartUpload": lambda before: {**item(before), "Key": "joined"},
    "ListMultipartUploads": bucket,
    "UploadPart": lambda before: {**part(before), "PartNumber": 1, "Body": Body(b"x" * 10)},
    "UploadPartCopy": lambda before: {**part(before), "PartNumber": 1, "CopySource": "one/k"},
    "ListParts": part,
    "CompleteMultipartUpload": lambda before: {
        **part(before),
        "MultipartUpload": {"Parts": [{"PartNumber": 1, "ETag": before["UploadPartCopy"]["CopyPartResult"]["ETag"]}]},
    },
    "AbortMultipartUpload": lambda before: {
        "Bucket": "one",
        "Key": "other",
        "UploadId": before["other upload"]["UploadId"],
    },
    "DeleteObject": item,
    "DeleteObjects": lambda _: {"Bucket": "one", "Delete": {"Objects": [{"Key": "copy"}, {"Key": "joined"}]}},
    "DeleteBucket": bucket,
}
LOGS: dict[str, Given] = {
    "DescribeLogGroups": nothing,
    "DescribeLogStreams": lambda _: {"logGroupName": "/aws/sagemaker/TrainingJobs"},
    "GetLogEvents": lambda _: {"logGroupName": "/aws/sagemaker/TrainingJobs", "logStreamName": "job/algo-1-5"},
    "FilterLogEvents": lambda _: {"logGroupName": "/aws/sagemaker/TrainingJobs"},
}
TOURS: dict[str, dict[str, Given]] = {
    "sagemaker": SAGEMAKER,
    "s3": S3,
    "logs": LOGS,
    "sts": {"GetCallerIdentity": nothing},
    "events": tours.EVENTS,
    "iam": tours.IAM,
    "lambda": tours.LAMBDA,
    "sqs": tours.SQS,
}


class Body(io.BytesIO):
    """A payload as the wire hands it to a handler."""

    class _Digest:
        def digest(self) -> bytes:
            return bytes(16)

    etag = _Digest()


@pytest.fixture
def stocked(store: Store) -> Store:
    """A home with a job of each kind and a log."""
    for kind, path in NOUNS.items():
        also = {"TargetAttributeName": "y"} if kind == "AutoMLJob" else {"ChannelName": "train"}
        body: dict[str, Any] = {
            f"{kind}Name": "job",
            f"{kind}Arn": arn(f"{path}/job"),
            f"{kind}Status": "InProgress",
            "CreationTime": 1.0,
            "LastModifiedTime": 1.0,
            "HyperParameterTuningJobConfig": {
                "Strategy": "Random",
                "ResourceLimits": {"MaxParallelTrainingJobs": 1},
            },
            "TrainingJobStatusCounters": {},
            "ObjectiveStatusCounters": {},
            "ModelName": "model",
            "TransformInput": {"DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://one/in"}}},
            "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
            "ProcessingResources": {
                "ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 1}
            },
            "AppSpecification": {"ImageUri": "image"},
            "ModelArtifacts": {"S3ModelArtifacts": "s3://one/model.tar.gz"},
            "SecondaryStatus": "Training",
            "StoppingCondition": {"MaxRuntimeInSeconds": 60},
            "AutoMLJobSecondaryStatus": "TrainingModels",
            "InputDataConfig": [
                {"DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://one/in"}}, **also}
            ],
            "OutputDataConfig": {"S3OutputPath": "s3://one/out"},
            "RoleArn": role_arn("pipeline"),
        }
        store.resources.put(kind, "job", body[f"{kind}Arn"], body, now=1.0)
    return store


def waiting_tokens(store: Store) -> dict[str, Response]:
    """Let two steps of an execution that runs wait at callbacks."""
    record = new_execution(
        arn=execution_arn("p", "two"),
        execution_id="two",
        pipeline="p",
        token="w" * 32,
        definition="{}",
        parameters={},
        body={},
        now=1.0,
    )
    store.executions.create(record)
    opened = (callbacks.open_token(store, record.arn, step, now=1.0) for step in ("One", "Two"))
    return {f"{name} token": token.body for name, token in zip(("first", "second"), opened, strict=True)}


def log_of_a_job(store: Store) -> None:
    """Give the job a step and a log; any execution will do."""
    record = new_execution(
        arn="arn:x/one",
        execution_id="one",
        pipeline="p",
        token=TOKEN,
        definition="{}",
        parameters={},
        body={},
        now=1.0,
    )
    store.executions.create(record)
    job = {"kind": "TrainingJob", "name": "job", "arn": arn("training-job/job")}
    store.steps.save(StepRecord("arn:x/one", "Train", 0, "Training", started=5.0, ended=6.0, job=job))
    path = store.home.step_log("one", "Train")
    path.parent.mkdir(parents=True)
    path.write_text("a line\n", encoding="utf-8")


@pytest.mark.parametrize("service", sorted(services.MODULES))
def test_every_operation_is_one_of_the_service_and_is_tried(service: str) -> None:
    offered = set(services.operations(service))
    assert offered <= set(service_model(service).operation_names)
    # What needs functions, queues or workers is tried by tests of its own.
    elsewhere = "".join(path.read_text(encoding="utf-8") for path in HERE.rglob("test_*.py"))
    toured = set(TOURS.get(service, ()))
    assert toured <= offered
    assert [name for name in sorted(offered - toured) if f".{xform_name(name)}" not in elsewhere] == []


@pytest.mark.parametrize("service", sorted(TOURS))
def test_every_response_has_its_shape(service: str, stocked: Store, definition: Callable[..., str]) -> None:
    log_of_a_job(stocked)
    dispatcher = Dispatcher(stocked)
    before: dict[str, Response] = {"definition": {"text": definition()}, **waiting_tokens(stocked)}
    if service == "lambda":
        register(stocked, tours.FUNCTION, tours.SOURCE)
    if service == "s3":
        other = {"Bucket": "one", "Key": "other"}
        before["other upload"] = dispatcher.dispatch("s3", "CreateMultipartUpload", other)
    for operation, given in TOURS[service].items():
        if operation in ("RetryPipelineExecution", "DeletePipeline"):
            settle(dispatcher, before)
        params = given(before)
        response = dispatcher.dispatch(service, operation, params)
        before[operation] = response
        shape = service_model(service).operation_model(operation).output_shape
        if shape is None:
            assert response == {}, operation
        else:
            assert shapes.check(dict(response), shape, style="service") == [], operation
        if "Body" in response:
            response["Body"].close()


def settle(dispatcher: Dispatcher, before: dict[str, Response]) -> None:
    """Wait until the execution has ended."""
    limit = time.monotonic() + 20
    while time.monotonic() < limit:
        described = dispatcher.dispatch("sagemaker", "DescribePipelineExecution", execution(before))
        if described["PipelineExecutionStatus"] not in ("Executing", "Stopping"):
            return
        time.sleep(0.02)
    pytest.fail(f"the execution did not end: {json.dumps(described)}")
