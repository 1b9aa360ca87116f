"""REST with JSON bodies: Lambda and SageMaker's runtime. A payload (an event, rows to predict) travels as it is."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from botocore.model import ListShape, MapShape, OperationModel, ServiceModel, Shape, StructureShape

from local.api import limits
from local.api.errors import ServiceError
from local.api.protocols import event_stream, rest, routes, values
from local.api.protocols.http import HttpRequest, HttpResponse, read_up_to
from local.api.protocols.values import ValueFormatError

UNREADABLE = "SerializationException"


def read(request: HttpRequest, service: ServiceModel) -> tuple[str, Mapping[str, Any]]:
    """Return the operation that method and path mean, and its parameters; a payload is bytes."""
    try:
        found = routes.find(request, service)
    except UnicodeDecodeError:
        raise ServiceError(UNREADABLE, "The path is not UTF-8.") from None
    if found is None:
        message = f"There is no operation for {request.method} {request.path[:200]!r}."
        raise ServiceError("UnknownOperationException", message, status=404)
    operation, labels = found
    shape = service.operation_model(operation).input_shape
    if shape is None:
        return operation, {}
    limit = limits.body_bytes(service.service_name)
    body = read_up_to(request.body, limit + 1)
    if len(body) > limit:
        raise limits.too_large(service.service_name)
    try:
        return operation, {**rest.read_located(request, shape, labels), **_read_body(body, shape)}
    except RecursionError:
        raise ServiceError(UNREADABLE, "The request's JSON is nested too deeply.") from None
    except ValueError as error:
        raise ServiceError(UNREADABLE, f"The request cannot be read: {error}") from None


def _read_body(body: bytes, shape: StructureShape) -> dict[str, Any]:
    payload = shape.serialization.get("payload")
    member = shape.members[payload] if payload is not None else None
    if payload is not None and not isinstance(member, StructureShape):
        # Nothing is something where a payload is asked for.
        if not body and payload not in shape.required_members:
            return {}
        return {payload: body if member is not None and member.type_name == "blob" else body.decode()}
    content = json.loads(body or b"{}", parse_constant=_refuse)
    if not isinstance(content, dict):
        message = "it is not a JSON object"
        raise ValueFormatError(message)
    if payload is not None and member is not None:
        return {payload: _read(content, member)} if body else {}
    return _read_members(content, shape)


def _read_members(content: Mapping[str, Any], shape: StructureShape) -> dict[str, Any]:
    """Return the members that travel in the body; those that the shape does not know are left out, as AWS does."""
    found = {}
    for name, member in shape.members.items():
        wire = member.serialization.get("name", name)
        if "location" not in member.serialization and content.get(wire) is not None:
            found[name] = _read(content[wire], member)
    return found


def _read(value: Any, shape: Shape) -> Any:
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        return _read_members(value, shape)
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [_read(item, shape.member) for item in value]
    if isinstance(shape, MapShape) and isinstance(value, dict):
        return {key: _read(item, shape.value) for key, item in value.items()}
    if shape.type_name in ("blob", "timestamp") and isinstance(value, str):
        return values.read(value, shape)
    return value


def write(response: Mapping[str, Any], operation: OperationModel, request_id: str) -> HttpResponse:
    """Return the response: its payload as it is, else its members as JSON."""
    headers = _headers(request_id)
    # Lambda's Invoke carries its HTTP status in its response.
    status = operation.http.get("responseCode", 200)
    shape = operation.output_shape
    if shape is None:
        return HttpResponse(status, headers)
    for name, member in shape.members.items():
        if member.serialization.get("location") == "statusCode":
            status = response.get(name, status)
    headers.update(rest.write_located(response, shape))
    payload = shape.serialization.get("payload")
    inner = _inner(shape, payload)
    if payload is not None and isinstance(inner, StructureShape) and inner.serialization.get("eventstream"):
        streamed = event_stream.write(response[payload], inner)
        return HttpResponse(status, {"Content-Type": event_stream.CONTENT_TYPE, **headers}, streamed)
    if payload is not None and not isinstance(inner, StructureShape):
        content = response.get(payload) or b""
        return HttpResponse(status, headers, content.encode() if isinstance(content, str) else content)
    body = _write(response.get(payload, {}) if payload is not None else response, inner)
    return HttpResponse(status, {"Content-Type": "application/json", **headers}, json.dumps(body).encode())


def _inner(shape: StructureShape, payload: str | None) -> Shape:
    return shape if payload is None else shape.members[payload]


def _write(value: Any, shape: Shape) -> Any:
    if isinstance(shape, StructureShape):
        return {
            member.serialization.get("name", name): _write(value[name], member)
            for name, member in shape.members.items()
            if value.get(name) is not None and "location" not in member.serialization
        }
    if isinstance(shape, ListShape):
        return [_write(item, shape.member) for item in value]
    if isinstance(shape, MapShape):
        return {key: _write(item, shape.value) for key, item in value.items()}
    return _write_single(value, shape)


def _write_single(value: Any, shape: Shape) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    notation = shape.serialization.get("timestampFormat", "unixTimestamp")
    if shape.type_name == "timestamp" and notation != "unixTimestamp":
        return values.write_time(float(value), notation)
    return value


def write_error(error: ServiceError, request: HttpRequest, request_id: str) -> HttpResponse:  # noqa: ARG001 - interface
    """Return the error as these services do: the type in a header, further members beside the message.

    Some error shapes spell the member `message` and some `Message`; each client finds its own.
    """
    body = {"message": error.message, "Message": error.message, **error.details}
    headers = {**_headers(request_id), "Content-Type": "application/json", "x-amzn-ErrorType": error.code}
    return HttpResponse(error.status, headers, json.dumps(body).encode())


def _headers(request_id: str) -> dict[str, str]:
    return {"x-amzn-RequestId": request_id}


def _refuse(constant: str) -> None:
    message = f"{constant} is not a JSON number"
    raise ValueFormatError(message)
