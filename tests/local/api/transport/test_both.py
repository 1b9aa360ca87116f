"""The same questions in process and over HTTP: the same answers, and the same errors."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from local.api.http.server import listen, serve, url_of
from local.client import client
from local.store.home import Home
from local.store.names import arn, role_arn
from local.store.store import Store
from tests.local.api.sagemaker.test_jobs import processing_job, training_job

Question: TypeAlias = tuple[str, str, dict[str, Any]]
STEP = {"Name": "Stop", "Type": "Fail", "Arguments": {"ErrorMessage": "It ends h\u00e9re."}}
PACKAGE = arn("model-package/group/1")

# None of these changes what another one sees.
QUESTIONS: list[Question] = [
    ("sagemaker", "list_pipelines", {}),
    ("sagemaker", "describe_pipeline", {"PipelineName": "Demo"}),
    ("sagemaker", "describe_pipeline", {"PipelineName": "no"}),
    ("sagemaker", "describe_training_job", {"TrainingJobName": "train"}),
    ("sagemaker", "describe_training_job", {"TrainingJobName": "x" * 64}),
    ("sagemaker", "list_training_jobs", {"MaxResults": 1, "SortBy": "Name"}),
    ("sagemaker", "list_training_jobs", {"NextToken": "nonsense"}),
    ("sagemaker", "describe_processing_job", {"ProcessingJobName": "process"}),
    ("sagemaker", "stop_processing_job", {"ProcessingJobName": "process"}),
    ("sagemaker", "search", {"Resource": "TrainingJob", "SortBy": "TrainingJobName"}),
    ("sagemaker", "list_model_packages", {"ModelPackageGroupName": "group"}),
    ("sagemaker", "describe_model_package", {"ModelPackageName": PACKAGE}),
    ("sagemaker", "update_model_package", {"ModelPackageArn": PACKAGE, "ModelApprovalStatus": "Maybe"}),
    ("sagemaker", "list_tags", {"ResourceArn": PACKAGE}),
    ("sagemaker", "list_models", {}),
    ("sagemaker", "describe_model", {"ModelName": "no"}),
    ("sagemaker", "list_code_repositories", {}),
    ("sagemaker", "send_pipeline_execution_step_failure", {"CallbackToken": "a" * 10, "FailureReason": "x" * 257}),
    ("sagemaker-runtime", "invoke_endpoint", {"EndpointName": "no", "Body": b"1,2"}),
    ("lambda", "invoke", {"FunctionName": "no", "Payload": b"{}"}),
    ("s3", "list_buckets", {}),
    ("s3", "list_objects_v2", {"Bucket": "one", "Delimiter": "/"}),
    ("s3", "list_objects_v2", {"Bucket": "none"}),
    ("s3", "head_object", {"Bucket": "one", "Key": "a/k \u00fc+&<.txt"}),
    ("s3", "head_object", {"Bucket": "one", "Key": "none"}),
    ("s3", "get_object", {"Bucket": "one", "Key": "a/k \u00fc+&<.txt"}),
    ("s3", "get_object", {"Bucket": "one", "Key": "empty"}),
    ("s3", "get_object", {"Bucket": "one", "Key": "big", "Range": "bytes=5-1500004"}),
    ("s3", "get_object", {"Bucket": "one", "Key": "big", "Range": "bytes=9000000-"}),
    ("s3", "get_object", {"Bucket": "one", "Key": "none"}),
    ("s3", "get_object", {"Bucket": "one", "Key": "empty", "IfNoneMatch": "*"}),
    ("s3", "put_object", {"Bucket": "one", "Key": "../up", "Body": b"x"}),
    ("s3", "put_object", {"Bucket": "one", "Key": "new", "Body": b"x" * 2_000_000}),
    ("s3", "delete_objects", {"Bucket": "one", "Delete": {"Objects": [{"Key": "new"}]}}),
    ("logs", "describe_log_groups", {}),
    ("logs", "describe_log_streams", {"logGroupName": "/aws/sagemaker/TrainingJobs"}),
    ("logs", "get_log_events", {"logGroupName": "none", "logStreamName": "s"}),
    ("sts", "get_caller_identity", {}),
]


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("both") / "home"
    store = Store(Home.find(home))
    for name, status in (("train", "Completed"), ("other", "Failed")):
        body = training_job(name, 1000.0, status)
        store.resources.put("TrainingJob", name, body["TrainingJobArn"], body, now=1000.0)
    body = processing_job("process", 1000.0, "Completed")
    store.resources.put("ProcessingJob", "process", body["ProcessingJobArn"], body, now=1000.0)
    sagemaker = client("sagemaker", home)
    sagemaker.create_pipeline(
        PipelineName="Demo",
        PipelineDefinition=json.dumps({"Version": "2020-12-01", "Steps": [STEP]}),
        ClientRequestToken="t" * 32,
        PipelineDescription="D\u00e4mo",
        RoleArn=role_arn("pipeline"),
    )
    sagemaker.create_model_package_group(ModelPackageGroupName="group")
    sagemaker.create_model_package(ModelPackageGroupName="group", Tags=[{"Key": "a", "Value": "b"}])
    s3 = client("s3", home)
    s3.put_object(Bucket="one", Key="a/k \u00fc+&<.txt", Body=b"hello", Metadata={"a": "b"}, ContentType="text/plain")
    s3.put_object(Bucket="one", Key="empty", Body=b"")
    s3.put_object(Bucket="one", Key="big", Body=bytes(range(256)) * 8192)
    return home


@pytest.fixture(scope="module")
def over_http(stocked: Path) -> Iterator[Callable[[str], Any]]:
    """Makes ordinary boto3 clients with the server's URL as their endpoint."""
    listening = listen()
    ended = threading.Event()
    thread = threading.Thread(target=serve, args=(Home.find(stocked), listening), kwargs={"until": ended.wait})
    thread.start()
    made: dict[str, Any] = {}

    def make(service: str) -> Any:
        if service not in made:
            made[service] = boto3.client(
                service,
                endpoint_url=url_of(listening),
                region_name="us-east-1",
                aws_access_key_id="any",
                aws_secret_access_key="any",  # noqa: S106 - nobody looks at it
                config=Config(retries={"total_max_attempts": 1}),
            )
        return made[service]

    yield make
    for each in made.values():
        each.close()
    ended.set()
    thread.join(20)


def answer(asked: Any, operation: str, params: dict[str, Any]) -> Any:
    """What a client gives, without what belongs to one request alone."""
    try:
        found = getattr(asked, operation)(**params)
    except ClientError as error:
        found = error.response
    found = {**found, "ResponseMetadata": found["ResponseMetadata"]["HTTPStatusCode"]}
    for name, value in found.items():
        if hasattr(value, "read"):
            with value:
                found[name] = value.read()
    found.get("Error", {}).pop("RequestId", None)
    return found


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: f"{question[1]} {str(question[2])[:40]}")
def test_both_transports_give_the_same(stocked: Path, over_http: Callable[[str], Any], question: Question) -> None:
    service, operation, params = question
    near = answer(client(service, stocked), operation, params)
    assert answer(over_http(service), operation, params) == near


def test_uploads_in_parts(stocked: Path, over_http: Callable[[str], Any]) -> None:
    content = bytes(range(256)) * 40_000
    over_http("s3").upload_fileobj(io.BytesIO(content), "two", "parts")
    client("s3", stocked).upload_fileobj(io.BytesIO(content), "two", "near")
    heads = [client("s3", stocked).head_object(Bucket="two", Key=key)["ETag"] for key in ("parts", "near")]
    assert heads[0] == heads[1]
    found = io.BytesIO()
    over_http("s3").download_fileobj("two", "parts", found)
    assert found.getvalue() == content


def test_queues_answer_with_the_codes_that_they_always_had(stocked: Path, over_http: Callable[[str], Any]) -> None:
    for sqs in (client("sqs", stocked), over_http("sqs")):
        with pytest.raises(sqs.exceptions.QueueDoesNotExist) as caught:
            sqs.get_queue_url(QueueName="none")
        assert caught.value.response["Error"]["Code"] == "AWS.SimpleQueueService.NonExistentQueue"
