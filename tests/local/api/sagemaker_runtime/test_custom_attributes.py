"""Custom attributes: they go to the container as they are, and the container's own come back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.endpoints import ECHO, Cloud, http_client
from tests.support.http_server import http_server
from tests.support.models import SKLEARN, archive, script_container, variant
from tests.support.pipelines import await_value

# As a script for the images' servers, which are Flask applications: hooks are not given headers, Flask has them.
TRACING = """
import flask
from sagemaker_containers.beta.framework import worker

HEADER = "X-Amzn-SageMaker-Custom-Attributes"


def model_fn(model_dir):
    assert not flask.has_request_context()


def transform_fn(model, body, content_type, accept):
    found = flask.request.headers.get(HEADER.lower(), "none")
    if body == "silent":
        return found, accept
    answer = {"long": "x" * 1025, "broken": "a\\r\\nb: c"}.get(body, f"Trace ID: {found}")
    return worker.Response(response=found, mimetype=accept, headers={HEADER: answer})
"""
CSV: Any = {"ContentType": "text/csv", "Accept": "text/csv"}


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    made = Cloud(tmp_path_factory.mktemp("attributes"))
    made.script("tracing", TRACING)
    made.endpoint("traced", variant("tracing"))
    yield made
    made.close()


def ask(runtime: Any, body: str, attributes: str | None = None, endpoint: str = "traced") -> tuple[str, Any]:
    given = {"CustomAttributes": attributes} if attributes is not None else {}
    answer = runtime.invoke_endpoint(EndpointName=endpoint, Body=body, **CSV, **given)
    return answer["Body"].read().decode(), answer.get("CustomAttributes")


def test_the_container_is_told_them_and_answers_its_own(cloud: Cloud) -> None:
    assert ask(cloud.runtime, "1", "a=1; b = two") == ("a=1; b = two", "Trace ID: a=1; b = two")
    assert ask(cloud.runtime, "1") == ("none", "Trace ID: none")
    with http_server(cloud.home) as url:
        runtime = http_client("sagemaker-runtime", url)
        assert ask(runtime, "1", "~" * 1014) == ("~" * 1014, "Trace ID: " + "~" * 1014)


def test_what_the_container_does_not_say_is_not_answered(cloud: Cloud) -> None:
    assert ask(cloud.runtime, "silent", "a=1") == ("a=1", None)


def test_streams_carry_them(cloud: Cloud) -> None:
    with http_server(cloud.home) as url:
        runtime = http_client("sagemaker-runtime", url)
        given: Any = {"EndpointName": "traced", "Body": b"1", "CustomAttributes": "a", **CSV}
        answer = runtime.invoke_endpoint_with_response_stream(**given)
        assert answer["CustomAttributes"] == "Trace ID: a"
        assert [each["PayloadPart"]["Bytes"] for each in answer["Body"]] == [b"a"]


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        ("x" * 1025, "Member must have length less than or equal to 1024"),
        ("ü", r"Member must satisfy regular expression pattern: \p{ASCII}*"),
        ("a\x7fb", "The CustomAttributes hold something that is no visible ASCII character."),
    ],
)
def test_what_is_none_is_refused(cloud: Cloud, attributes: str, said: str) -> None:
    for operation in (cloud.runtime.invoke_endpoint, cloud.runtime.invoke_endpoint_async):
        with pytest.raises(ClientError) as caught:
            operation(EndpointName="traced", Body=b"1", CustomAttributes=attributes)
        assert caught.value.response["Error"]["Code"] == "ValidationError"
        assert said in caught.value.response["Error"]["Message"]


@pytest.mark.parametrize(
    ("body", "said"),
    [("long", "have 1025 characters, and the service carries at most 1024."), ("broken", "no visible ASCII")],
)
def test_a_container_that_answers_none_has_failed(cloud: Cloud, body: str, said: str) -> None:
    with pytest.raises(cloud.runtime.exceptions.ModelError, match=f"the custom attributes in the response .*{said}"):
        ask(cloud.runtime, body)
    assert ask(cloud.runtime, "1")[0] == "none"


def test_every_container_of_a_series_is_told_and_the_last_answers(cloud: Cloud) -> None:
    cloud.s3.put_object(Bucket="models", Key="echo.tar.gz", Body=archive(**{"code__inference.py": ECHO}))
    places = ("s3://models/tracing.tar.gz", "s3://models/echo.tar.gz")
    for name, order in (("ends-traced", (1, 0)), ("ends-silent", (0, 1))):
        chain: Any = [
            script_container(places[each], SKLEARN, SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT="text/csv") for each in order
        ]
        cloud.sagemaker.create_model(
            ModelName=name, ExecutionRoleArn="arn:aws:iam::000000000000:role/models", Containers=chain
        )
        cloud.endpoint(name, variant(name))
    assert ask(cloud.runtime, "1", "a", "ends-traced") == ("a", "Trace ID: a")
    assert ask(cloud.runtime, "1", "a", "ends-silent") == ("a", None)


def test_asynchronous_requests_carry_them(cloud: Cloud) -> None:
    output: Any = {"OutputConfig": {"S3OutputPath": "s3://models/later"}}
    cloud.endpoint("traced-later", variant("tracing"), AsyncInferenceConfig=output)
    given: Any = {"EndpointName": "traced-later", "Body": b"1", "CustomAttributes": "later", **CSV}
    place = cloud.runtime.invoke_endpoint_async(**given)["OutputLocation"].removeprefix("s3://models/")
    await_value(lambda: cloud.store.objects.exists("models", place), "the answer")
    assert cloud.s3.get_object(Bucket="models", Key=place)["Body"].read() == b"later"
