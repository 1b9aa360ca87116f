"""REST with JSON: payloads as they are, members by their names on the wire, errors that boto3 understands."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from botocore.awsrequest import HeadersDict
from botocore.parsers import create_parser

from local.api.errors import ServiceError
from local.api.protocols import rest_json
from local.api.protocols.http import HttpRequest, HttpResponse
from local.definition.models import service_model

RUNTIME = service_model("sagemaker-runtime")
LAMBDA = service_model("lambda")


def asked(method: str, path: str, body: bytes = b"", **headers: str) -> HttpRequest:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpRequest.make(method, f"http://h{path}", named, io.BytesIO(body))


def parsed(response: HttpResponse, service: Any, operation: str) -> dict[str, Any]:
    """What boto3 makes of a response."""
    body = response.body if isinstance(response.body, bytes) else response.body.read()
    given = {"body": body, "headers": HeadersDict(response.headers)}
    shape = service.operation_model(operation).output_shape
    found: dict[str, Any] = create_parser("rest-json").parse({**given, "status_code": response.status}, shape)
    return found


def test_rows_to_predict_are_bytes() -> None:
    request = asked("POST", "/endpoints/my%2De/invocations", b"1,2\n", content_type="text/csv", accept="text/csv")
    assert rest_json.read(request, RUNTIME) == (
        "InvokeEndpoint",
        {"EndpointName": "my-e", "Body": b"1,2\n", "ContentType": "text/csv", "Accept": "text/csv"},
    )


def test_no_rows_are_an_empty_body_and_no_event_is_none_at_all() -> None:
    assert rest_json.read(asked("POST", "/endpoints/e/invocations"), RUNTIME)[1]["Body"] == b""
    assert "Payload" not in rest_json.read(asked("POST", "/2015-03-31/functions/f/invocations"), LAMBDA)[1]


def test_a_prediction_is_passed_on_as_it_is() -> None:
    response = {"Body": io.BytesIO(b"0.5\n"), "ContentType": "text/csv", "InvokedProductionVariant": "one"}
    written = rest_json.write(response, RUNTIME.operation_model("InvokeEndpoint"), "id")
    assert (written.headers["Content-Type"], written.headers["x-Amzn-Invoked-Production-Variant"]) == (
        "text/csv",
        "one",
    )
    assert parsed(written, RUNTIME, "InvokeEndpoint")["InvokedProductionVariant"] == "one"


def test_a_function_is_invoked_with_its_event() -> None:
    path = "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Af/invocations?Qualifier=1"
    request = asked("POST", path, b'{"a": 1}', x_amz_invocation_type="Event")
    operation, params = rest_json.read(request, LAMBDA)
    assert operation == "Invoke"
    assert params == {
        "FunctionName": "arn:aws:lambda:us-east-1:000000000000:function:f",
        "InvocationType": "Event",
        "Qualifier": "1",
        "Payload": b'{"a": 1}',
    }


def test_a_functions_answer_has_the_status_that_it_carries() -> None:
    response = {"StatusCode": 202, "Payload": b"", "ExecutedVersion": "$LATEST"}
    written = rest_json.write(response, LAMBDA.operation_model("Invoke"), "id")
    assert written.status == 202
    assert parsed(written, LAMBDA, "Invoke")["ExecutedVersion"] == "$LATEST"


def test_members_of_the_body_are_read_and_written_by_their_shapes() -> None:
    content = {"FunctionName": "f", "Code": {"ZipFile": "aGVsbG8="}, "Role": "r", "Unheard": 1, "Timeout": 3}
    operation, params = rest_json.read(asked("POST", "/2015-03-31/functions", json.dumps(content).encode()), LAMBDA)
    assert operation == "CreateFunction"
    assert params == {"FunctionName": "f", "Code": {"ZipFile": b"hello"}, "Role": "r", "Timeout": 3}
    response = {"FunctionName": "f", "Environment": {"Variables": {"A": "b"}}, "Layers": [{"CodeSize": 3}]}
    written = rest_json.write(response, LAMBDA.operation_model("CreateFunction"), "id")
    assert written.status == 201
    assert {**parsed(written, LAMBDA, "CreateFunction"), "ResponseMetadata": {}} == {
        **response,
        "ResponseMetadata": {},
    }


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (asked("POST", "/2015-03-31/functions", b"{"), "SerializationException"),
        (asked("POST", "/2015-03-31/functions", b"[]"), "SerializationException"),
        (asked("POST", "/2015-03-31/functions", b"[" * 100_000), "SerializationException"),
        (asked("POST", "/2015-03-31/functions", b"\xff"), "SerializationException"),
        (asked("POST", "/2015-03-31/functions", b'{"Code": {"ZipFile": "?"}}'), "SerializationException"),
        (asked("POST", "/2015-03-31/functions", b'{"Timeout": NaN}'), "SerializationException"),
        (asked("GET", "/2015-03-31/functions/%ff"), "SerializationException"),
        (asked("GET", "/nowhere"), "UnknownOperationException"),
        (
            asked("POST", "/2015-03-31/functions/f/invocations", b"x" * (6 << 20) + b"x"),
            "RequestEntityTooLargeException",
        ),
    ],
)
def test_what_cannot_be_read(request_: HttpRequest, code: str) -> None:
    with pytest.raises(ServiceError) as caught:
        rest_json.read(request_, LAMBDA)
    assert caught.value.code == code


def test_rows_beyond_six_mebibytes_are_refused_as_the_service_does() -> None:
    with pytest.raises(ServiceError) as caught:
        rest_json.read(asked("POST", "/endpoints/e/invocations", b"x" * ((6 << 20) + 1)), RUNTIME)
    assert (caught.value.status, caught.value.message) == (413, "HTTP content length exceeded 6291456 bytes.")


def test_an_errors_further_members_reach_the_client() -> None:
    details = {"OriginalStatusCode": 503, "OriginalMessage": "busy"}
    error = ServiceError("ModelError", "It broke.", status=424, details=details)
    written = rest_json.write_error(error, asked("POST", "/endpoints/e/invocations"), "id")
    found = parsed(written, RUNTIME, "InvokeEndpoint")
    assert found["Error"] == {"Code": "ModelError", "Message": "It broke."}
    shape = RUNTIME.shape_for("ModelError")
    given = {
        "body": written.body,
        "headers": HeadersDict(written.headers),
        "status_code": 424,
    }
    assert create_parser("rest-json").parse(given, shape)["OriginalStatusCode"] == 503
