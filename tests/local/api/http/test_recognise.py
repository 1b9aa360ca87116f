"""Which service a request is for."""

from __future__ import annotations

import pytest

from local.api.errors import ServiceError
from local.api.http.recognise import service_of
from local.api.protocols.http import HttpRequest
from local.api.services import MODULES

SCOPE = "AWS4-HMAC-SHA256 Credential=KEY/20260101/eu-west-1/{}/aws4_request, SignedHeaders=host, Signature=0"
FORM = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}


@pytest.mark.parametrize(
    ("path", "headers", "service"),
    [
        ("/", {"authorization": SCOPE.format("s3")}, "s3"),
        ("/", {"authorization": SCOPE.format("sts"), **FORM}, "sts"),
        ("/", {"authorization": SCOPE.format("logs"), "x-amz-target": "Logs_20140328.GetLogEvents"}, "logs"),
        ("/", {"authorization": SCOPE.format("sagemaker"), "x-amz-target": "SageMaker.Search"}, "sagemaker"),
        ("/", {"authorization": SCOPE.format("sagemaker")}, "sagemaker"),
        ("/endpoints/e/invocations", {"authorization": SCOPE.format("sagemaker")}, "sagemaker-runtime"),
        ("/endpoints/e/invocations", {"authorization": SCOPE.format("s3")}, "s3"),
        ("/", {"x-amz-target": "SageMaker.Search"}, "sagemaker"),
        ("/", {"x-amz-target": "Logs_20140328.GetLogEvents"}, "logs"),
        ("/endpoints/e/invocations", {}, "sagemaker-runtime"),
        ("/2015-03-31/functions/f/invocations", {}, "lambda"),
        ("/", FORM, "sts"),
        ("/bucket/key", {}, "s3"),
        ("/b/k?X-Amz-Credential=KEY%2F20260101%2Fus-east-1%2Fs3%2Faws4_request", {}, "s3"),
        ("/", {"authorization": SCOPE.format("dynamodb")}, "dynamodb"),
        ("/", {"x-amz-target": "DynamoDB_20120810.ListTables"}, "DynamoDB_20120810"),
    ],
)
def test_a_request_is_recognised(path: str, headers: dict[str, str], service: str) -> None:
    asked = HttpRequest.make("POST", f"http://h{path}", headers, None)
    if service in MODULES:
        assert service_of(asked) == service
    else:
        with pytest.raises(ServiceError, match=f"no service '{service}'"):
            service_of(asked)
