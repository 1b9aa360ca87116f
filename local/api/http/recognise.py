"""Which service a request over HTTP is for, and what a client that does not know is told."""

from __future__ import annotations

import re
from typing import cast

from local.api.errors import ServiceError
from local.api.http.guard import host_name
from local.api.protocols import query, rest_json
from local.api.protocols.http import HttpRequest, HttpResponse
from local.api.protocols.protocol import WireProtocol
from local.api.services import MODULES
from local.definition.models import service_model

_FORM = "application/x-www-form-urlencoded"
# AWS4-HMAC-SHA256 Credential=KEY/20260101/us-east-1/sagemaker/aws4_request, …
_SCOPE = re.compile(r"/\d{8}/[^/\s]*/([a-z0-9-]+)/aws4_request")
_PATHS = (
    (re.compile(r"/endpoints/[^/]+/(async-)?invocations.*"), "sagemaker-runtime"),
    (re.compile(r"/\d{4}-\d\d-\d\d/(functions|event-source-mappings|layers|tags).*"), "lambda"),
)
METRICS_PATH = "/metrics"
_BUCKET_HOST = ".localhost"


def service_of(request: HttpRequest) -> str:
    """Return the service that a request is for, as boto3 names it; ServiceError where the laptop has no such one.

    The signature's scope says it; without one the operation's prefix, else the path. What is left is S3's.
    """
    found = _named(request)
    if found not in MODULES:
        message = f"The laptop has no service {found!r}. It has: {', '.join(sorted(MODULES))}."
        raise ServiceError("UnknownServiceException", message, status=404)
    return found


def is_metrics(request: HttpRequest) -> bool:
    """Say whether a request is for the page of metrics: signed, it would be for a bucket of that name."""
    signed = request.headers.get("authorization") or "X-Amz-Credential" in dict(request.query)
    return request.path == METRICS_PATH and request.method == "GET" and not signed


def _named(request: HttpRequest) -> str:
    headers = request.headers
    credential = headers.get("authorization") or dict(request.query).get("X-Amz-Credential", "")
    scope = _SCOPE.search(credential)
    target = headers.get("x-amz-target")
    if scope is not None and scope[1] != "sagemaker":
        return scope[1]
    # Signatures for the control plane and for endpoints have the same scope.
    if target is not None:
        return "sagemaker" if scope is not None else _of_prefix(target.rpartition(".")[0])
    for path, service in _PATHS:
        if path.fullmatch(request.path):
            return service
    if scope is not None:
        return "sagemaker"
    return "sts" if headers.get("content-type", "").startswith(_FORM) else "s3"


def _of_prefix(prefix: str) -> str:
    """Return the service whose operations are called by that prefix; a model is read for it, so scopes come first."""
    for name in sorted(MODULES):
        model = service_model(name)
        if model.resolved_protocol == "json" and model.metadata.get("targetPrefix") == prefix:
            return name
    return prefix


def bucket_in_host(request: HttpRequest) -> str:
    """Return the bucket of a request to `BUCKET.localhost`; empty for every other request."""
    name = host_name(request.headers.get("host", ""))
    return name.removesuffix(_BUCKET_HOST) if name.endswith(_BUCKET_HOST) else ""


def refusal(error: ServiceError, request: HttpRequest, request_id: str) -> HttpResponse:
    """Return an error that comes before any service, as the asking client is most likely able to read it."""
    form = request.headers.get("content-type", "").startswith(_FORM)
    protocol = cast(WireProtocol, query if form else rest_json)
    return protocol.write_error(error, request, request_id)
