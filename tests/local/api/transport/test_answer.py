"""Requests as bytes, as a port would receive them: what boto3 would never send gets an error, never a traceback."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from local.api.dispatch import Dispatcher
from local.api.protocols.http import HttpRequest, HttpResponse
from local.api.transport.answer import answer
from local.store.store import Store


def ask(
    store: Store, service: str, body: bytes = b"", method: str = "POST", url: str = "http://x/", **headers: str
) -> HttpResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return answer(Dispatcher(store), service, HttpRequest.make(method, url, named, io.BytesIO(body)))


def content(response: HttpResponse) -> bytes:
    return response.body if isinstance(response.body, bytes) else response.body.read()


def error_of(response: HttpResponse) -> tuple[int, str]:
    found = json.loads(content(response))
    assert response.headers["x-amzn-ErrorType"] == found["__type"]
    assert "Traceback" not in found["message"]
    return response.status, found["__type"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "SerializationException"),
        (b"\xff\xfe\x00", "SerializationException"),
        (b"[]", "SerializationException"),
        (b'{"MaxResults": NaN}', "SerializationException"),
        (b"[" * 200_000, "SerializationException"),
        (b'{"MaxResults": "ten"}', "ValidationException"),
        (b'{"MaxResults": 1e400}', "ValidationException"),
        (b'{"MaxResults": true}', "ValidationException"),
        (b'{"MaxResults": 0}', "ValidationException"),
        (b'{"CreatedAfter": {"a": 1}}', "ValidationException"),
        (b'{"SortBy": "Colour"}', "ValidationException"),
        (b'{"Unheard": 1}', "ValidationException"),
        (b'{"PipelineNamePrefix": ["a"]}', "ValidationException"),
        (b'{"NextToken": "\\u0000"}', "ValidationException"),
    ],
)
def test_json_that_does_not_fit_is_refused(store: Store, body: bytes, code: str) -> None:
    response = ask(store, "sagemaker", body, x_amz_target="SageMaker.ListPipelines")
    assert error_of(response) == (400, code)


@pytest.mark.parametrize("target", ["", "SageMaker.", "SageMaker.Explode", "x" * 10_000])
def test_an_operation_that_nobody_knows(store: Store, target: str) -> None:
    assert error_of(ask(store, "sagemaker", b"{}", x_amz_target=target)) == (404, "UnknownOperationException")


def test_a_request_too_large_to_be_meant(store: Store) -> None:
    body = b'{"a": "' + b"x" * (9 << 20) + b'"}'
    response = ask(store, "sagemaker", body, x_amz_target="SageMaker.ListPipelines")
    assert error_of(response) == (413, "SerializationException")


def test_an_answer_has_a_request_id_and_is_json(store: Store) -> None:
    response = ask(store, "sagemaker", b"", x_amz_target="SageMaker.ListPipelines")
    assert (response.status, json.loads(content(response))) == (200, {"PipelineSummaries": []})
    assert response.headers["Content-Type"] == "application/x-amz-json-1.1"
    assert len(response.headers["x-amzn-RequestId"]) == 36


@pytest.mark.parametrize("body", [b"Action=GetCallerIdentity&Version=2011-06-15", b""])
def test_query_requests_come_as_form_or_in_the_address(store: Store, body: bytes) -> None:
    url = "http://x/" if body else "http://x/?Action=GetCallerIdentity"
    response = ask(store, "sts", body, url=url)
    assert response.status == 200
    assert b"<Account>000000000000</Account>" in content(response)


@pytest.mark.parametrize("body", [b"Action=Explode", b"\xff", b"Action="])
def test_query_requests_that_mean_nothing(store: Store, body: bytes) -> None:
    response = ask(store, "sts", body)
    assert response.status == 400
    assert b"<Code>InvalidAction</Code>" in content(response)


def test_query_parameters_are_read_by_their_shape(store: Store) -> None:
    body = (
        b"Action=AssumeRole&RoleArn=a&RoleSessionName=b&DurationSeconds=soon&"
        b"Tags.member.1.Key=k&Tags.member.1.Value=v&TransitiveTagKeys.member.1=k"
    )
    assert b"<Code>MalformedInput</Code>" in content(ask(store, "sts", body))
    well = body.replace(b"soon", b"900")
    assert b"<Code>UnknownOperationException</Code>" in content(ask(store, "sts", well))


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/one/%ff", 400, b"InvalidURI"),
        ("PATCH", "/one", 405, b"MethodNotAllowed"),
        ("POST", "/", 405, b"MethodNotAllowed"),
        ("GET", "/one/k?partNumber=x", 400, b"InvalidArgument"),
        ("GET", "/one?list-type=2&max-keys=many", 400, b"InvalidArgument"),
        ("GET", "/one/..%2f..%2fstate.db", 404, b"NoSuchBucket"),
        ("GET", "/%2e%2e/state.db", 400, b"InvalidArgument"),
        ("GET", "/one?acl", 400, b"UnknownOperationException"),
    ],
)
def test_s3_requests_that_mean_nothing_good(store: Store, method: str, path: str, status: int, code: bytes) -> None:
    response = ask(store, "s3", method=method, url=f"http://x{path}")
    assert (response.status, b"<Code>" + code + b"</Code>" in content(response)) == (status, True), content(response)


def framed(**more: str) -> dict[str, Any]:
    return {"content_encoding": "aws-chunked", "x_amz_content_sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER", **more}


@pytest.mark.parametrize(
    ("body", "headers", "code"),
    [
        (b"5\r\nhello\r\n0\r\n\r\n", framed(x_amz_decoded_content_length="5"), b""),
        (b"2;chunk-signature=ab\r\nhe\r\n3\r\nllo\r\n0\r\nx-other:1\r\n\r\n", framed(), b""),
        (
            b"5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n",
            framed(x_amz_trailer="x-amz-checksum-crc32"),
            b"",
        ),
        (
            b"5\r\nhello\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n",
            framed(x_amz_trailer="x-amz-checksum-crc32"),
            b"BadDigest",
        ),
        (b"5\r\nhel", framed(), b"IncompleteBody"),
        (b"5\r\nhello\r\n0\r\n\r\n", framed(x_amz_decoded_content_length="6"), b"IncompleteBody"),
        (b"hello, not framed\r\n", framed(), b"InvalidRequest"),
        (b"-5\r\nhello\r\n", framed(), b"InvalidRequest"),
        (b"hello", {"content_length": "7"}, b"IncompleteBody"),
        (b"hello", {"content_md5": "AAAA"}, b"BadDigest"),
    ],
)
def test_bodies_are_unframed_and_checked(store: Store, body: bytes, headers: dict[str, str], code: bytes) -> None:
    response = ask(store, "s3", body, "PUT", "http://x/one/k", **headers)
    if code:
        assert b"<Code>" + code + b"</Code>" in content(response)
        assert not store.objects.exists("one", "k")
    else:
        assert (response.status, store.objects.path("one", "k").read_bytes()) == (200, b"hello")


def test_a_body_of_many_chunks_arrives_whole(store: Store) -> None:
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    ask(store, "s3", chunk * 64 + b"0\r\n\r\n", "PUT", "http://x/one/k", **framed())
    found = store.objects.info("one", "k")
    assert found is not None
    assert found.size == 64 * 65536
