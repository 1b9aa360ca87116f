"""Form fields in, XML out: STS and the oldest services."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl
from xml.etree import ElementTree as ET

from botocore.model import ListShape, OperationModel, ServiceModel, Shape, StructureShape

from local.api.errors import ServiceError
from local.api.protocols import values, xml
from local.api.protocols.http import HttpRequest, HttpResponse

MAX_BODY_BYTES = 1 << 20
MAX_ITEMS = 1000


def read(request: HttpRequest, service: ServiceModel) -> tuple[str, Mapping[str, Any]]:
    """Return the operation (field `Action`) and its parameters from fields such as `Tags.member.1.Key`."""
    body = request.body.read(MAX_BODY_BYTES).decode("utf-8", "replace")
    fields = dict(parse_qsl(body, keep_blank_values=True)) if body else dict(request.query)
    operation = fields.get("Action", "")
    if operation not in service.operation_names:
        raise ServiceError("InvalidAction", f"Could not find operation {operation[:100]!r}.")
    shape = service.operation_model(operation).input_shape
    if shape is None:
        return operation, {}
    try:
        return operation, _structure(fields, "", shape)
    except values.ValueFormatError as error:
        raise ServiceError("MalformedInput", str(error)) from None


def _structure(fields: Mapping[str, str], prefix: str, shape: StructureShape) -> dict[str, Any]:
    found = {}
    for name, member in shape.members.items():
        value = _value(fields, f"{prefix}{member.serialization.get('name', name)}", member)
        if value is not None:
            found[name] = value
    return found


def _value(fields: Mapping[str, str], name: str, shape: Shape) -> Any:
    if isinstance(shape, StructureShape):
        return _structure(fields, f"{name}.", shape) or None
    if isinstance(shape, ListShape):
        wire = (
            name
            if shape.serialization.get("flattened")
            else f"{name}.{shape.member.serialization.get('name', 'member')}"
        )
        items: list[Any] = []
        while len(items) < MAX_ITEMS and (item := _value(fields, f"{wire}.{len(items) + 1}", shape.member)) is not None:
            items.append(item)
        return items or None
    return values.read(fields[name], shape) if name in fields else None


def write(response: Mapping[str, Any], operation: OperationModel, request_id: str) -> HttpResponse:
    """Return the response in its wrapper, as these services do."""
    root = ET.Element(f"{operation.name}Response", xmlns=operation.service_model.metadata.get("xmlNamespace", ""))
    shape = operation.output_shape
    if shape is not None:
        wrapper = shape.serialization.get("resultWrapper", f"{operation.name}Result")
        xml.write_members(ET.SubElement(root, wrapper), response, shape)
    _request_id(ET.SubElement(root, "ResponseMetadata"), request_id)
    return HttpResponse(200, _headers(request_id), xml.document(root))


def write_error(error: ServiceError, request: HttpRequest, request_id: str) -> HttpResponse:  # noqa: ARG001 - interface
    """Return the error as these services do."""
    root = ET.Element("ErrorResponse")
    inner = ET.SubElement(root, "Error")
    ET.SubElement(inner, "Type").text = "Sender" if error.status < 500 else "Receiver"
    ET.SubElement(inner, "Code").text = error.code
    ET.SubElement(inner, "Message").text = error.message
    _request_id(root, request_id)
    return HttpResponse(error.status, _headers(request_id), xml.document(root))


def _request_id(parent: ET.Element, request_id: str) -> None:
    ET.SubElement(parent, "RequestId").text = request_id


def _headers(request_id: str) -> dict[str, str]:
    return {"Content-Type": "text/xml", "x-amzn-RequestId": request_id}
