"""JSON over POST, the operation named in a header: SageMaker, CloudWatch Logs and most newer services."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from botocore.model import OperationModel, ServiceModel

from local.api import limits
from local.api.errors import ServiceError
from local.api.protocols.http import HttpRequest, HttpResponse, read_up_to

MAX_DEPTH_MESSAGE = "The request's JSON is nested too deeply."


# SQS spoke another protocol before, and answers with the codes of that one too: those are what clients show.
QUERY_CODES = {
    "BatchEntryIdsNotDistinct": "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
    "EmptyBatchRequest": "AWS.SimpleQueueService.EmptyBatchRequest",
    "QueueDoesNotExist": "AWS.SimpleQueueService.NonExistentQueue",
    "QueueNameExists": "QueueAlreadyExists",
    "TooManyEntriesInBatchRequest": "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
    "UnsupportedOperation": "AWS.SimpleQueueService.UnsupportedOperation",
}


def read(request: HttpRequest, service: ServiceModel) -> tuple[str, Mapping[str, Any]]:
    """Return the operation and its parameters; blobs stay base64 text, which no operation here takes."""
    operation = request.headers.get("x-amz-target", "").rpartition(".")[2]
    if operation not in service.operation_names:
        raise ServiceError("UnknownOperationException", f"There is no operation {operation[:100]!r}.", status=404)
    limit = limits.body_bytes(service.service_name)
    body = read_up_to(request.body, limit + 1)
    if len(body) > limit:
        raise limits.too_large(service.service_name)
    try:
        params = json.loads(body or b"{}", parse_constant=_refuse)
    except RecursionError:
        raise ServiceError("SerializationException", MAX_DEPTH_MESSAGE) from None
    except ValueError as error:
        raise ServiceError("SerializationException", f"The request is not JSON: {error}.") from None
    if not isinstance(params, dict):
        raise ServiceError("SerializationException", "The request is not a JSON object.")
    return operation, params


def write(response: Mapping[str, Any], operation: OperationModel, request_id: str) -> HttpResponse:
    """Return the response as JSON; an operation without output answers with an empty body."""
    body = b"" if operation.output_shape is None else json.dumps(response, default=_encode).encode()
    return HttpResponse(200, _headers(request_id), body)


def write_error(error: ServiceError, request: HttpRequest, request_id: str) -> HttpResponse:  # noqa: ARG001 - interface
    """Return the error as these services do: the type in the body and, again, in a header."""
    body = json.dumps({"__type": error.code, "message": error.message, **error.details}).encode()
    headers = {**_headers(request_id), "x-amzn-ErrorType": error.code}
    if error.code in QUERY_CODES:
        headers["x-amzn-query-error"] = f"{QUERY_CODES[error.code]};Sender"
    return HttpResponse(error.status, headers, body)


def _headers(request_id: str) -> dict[str, str]:
    return {"Content-Type": "application/x-amz-json-1.1", "x-amzn-RequestId": request_id}


def _refuse(constant: str) -> None:
    message = f"{constant} is not a JSON number"
    raise ValueError(message)


def _encode(value: object) -> str:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    raise TypeError(value)
