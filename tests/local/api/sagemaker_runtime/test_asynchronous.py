"""Asynchronous endpoints through boto3: input, output and failures on S3, requests that outlive their process."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.hosting.asynchronous.accepting import LEASE
from local.hosting.asynchronous.answering import answer
from local.store.asynchronous import AsynchronousInvocation
from tests.support.endpoints import ECHO, Cloud, http_client
from tests.support.http_server import http_server
from tests.support.models import variant
from tests.support.pipelines import ROOT, await_value

OUTPUT = {"S3OutputPath": "s3://results/out/", "S3FailurePath": "s3://results/failed"}


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    made = Cloud(tmp_path_factory.mktemp("asynchronous"))
    made.script("echo", ECHO)
    made.endpoint("later", variant("echo"), AsyncInferenceConfig={"OutputConfig": OUTPUT})
    made.endpoint("now", variant("echo"))
    made.s3.create_bucket(Bucket="inputs")
    yield made
    await_value(lambda: not made.store.leases.held(LEASE, time.time()), "the process that answers to end")
    made.close()


def ask(cloud: Cloud, text: str, **more: Any) -> dict[str, Any]:
    cloud.s3.put_object(Bucket="inputs", Key="rows.csv", Body=text)
    given = {"InputLocation": "s3://inputs/rows.csv", "ContentType": "text/csv", "Accept": "text/csv", **more}
    return dict(cloud.runtime.invoke_endpoint_async(EndpointName="later", **given))


def read(cloud: Cloud, uri: str) -> str:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    await_value(lambda: cloud.store.objects.exists(bucket, key), uri)
    return cloud.s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode()


def test_the_answer_is_where_the_request_was_told(cloud: Cloud) -> None:
    told = ask(cloud, "1,2", InferenceId="mine")
    assert told["ResponseMetadata"]["HTTPStatusCode"] == 202
    assert told["InferenceId"] == "mine"
    assert told["OutputLocation"].startswith("s3://results/out/")
    assert told["OutputLocation"].endswith(".out")
    assert told["FailureLocation"].startswith("s3://results/failed/")
    assert read(cloud, told["OutputLocation"]) == "1,2"
    assert cloud.store.asynchronous.waiting() == []
    assert cloud.sagemaker.describe_endpoint(EndpointName="later")["AsyncInferenceConfig"]["OutputConfig"] == OUTPUT


def test_a_name_a_folder_and_a_body_of_ones_own(cloud: Cloud) -> None:
    given: Any = {"EndpointName": "later", "ContentType": "text/csv", "Accept": "text/csv", "Body": b"5,6"}
    told = cloud.runtime.invoke_endpoint_async(**given, S3OutputPathExtension="day/one", Filename="mine.csv")
    assert told["OutputLocation"] == "s3://results/out/day/one/mine.csv"
    assert read(cloud, told["OutputLocation"]) == "5,6"


def test_failures_say_why_where_the_request_was_told(cloud: Cloud) -> None:
    told = ask(cloud, "refuse")
    assert 'Received client error (422) from primary with message "{"error": "no such rows"}"' in read(
        cloud, told["FailureLocation"]
    )
    missing = ask(cloud, "1", InputLocation="s3://inputs/none.csv")
    assert "s3://inputs/none.csv cannot be read" in read(cloud, missing["FailureLocation"])
    slow = ask(cloud, "sleep 3", InvocationTimeoutSeconds=1)
    assert "did not answer within 1 seconds" in read(cloud, slow["FailureLocation"])


def test_a_request_that_waited_too_long_has_expired(cloud: Cloud) -> None:
    request = {"InferenceId": "x", "Output": "s3://results/late", "Failure": "s3://results/expired", "TtlSeconds": 60}
    answer(cloud.store, AsynchronousInvocation(0, "later", request, time.time() - 61))
    assert read(cloud, "s3://results/expired") == "The request waited for more than 60 seconds and has expired."


def test_the_two_kinds_of_endpoints_are_asked_in_their_own_way(cloud: Cloud) -> None:
    with pytest.raises(ClientError, match="is asynchronous: its configuration") as caught:
        cloud.say("later", "1")
    assert caught.value.response["Error"]["Code"] == "ValidationError"
    with pytest.raises(ClientError, match="is not asynchronous: its configuration"):
        cloud.runtime.invoke_endpoint_async(EndpointName="now", InputLocation="s3://inputs/rows.csv")
    with pytest.raises(ClientError, match="Give either InputLocation or Body"):
        cloud.runtime.invoke_endpoint_async(EndpointName="later")


def test_a_request_outlives_the_process_that_made_it(cloud: Cloud) -> None:
    program = textwrap.dedent(f"""
        from pathlib import Path
        from local.client import client

        runtime = client("sagemaker-runtime", Path({str(cloud.home)!r}))
        told = runtime.invoke_endpoint_async(EndpointName="later", Body=b"sleep 0.5", ContentType="text/csv")
        print(told["OutputLocation"])
    """)
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert read(cloud, done.stdout.strip()) == "sleep 0.5"


def test_over_http_many_at_once(cloud: Cloud) -> None:
    with http_server(cloud.home) as url:
        runtime = http_client("sagemaker-runtime", url)
        told = [
            runtime.invoke_endpoint_async(EndpointName="later", Body=str(number).encode(), ContentType="text/csv")
            for number in range(20)
        ]
    assert [read(cloud, each["OutputLocation"]) for each in told] == [str(number) for number in range(20)]
