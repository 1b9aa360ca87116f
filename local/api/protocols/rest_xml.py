"""REST with XML bodies: S3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

from botocore.model import OperationModel, ServiceModel, StructureShape

from local.api.errors import ServiceError
from local.api.protocols import rest, routes, xml
from local.api.protocols.body import PayloadReader
from local.api.protocols.http import HttpRequest, HttpResponse, read_up_to
from local.api.protocols.values import ValueFormatError

MAX_XML_BYTES = 4 << 20
# The names of the documents that S3 answers with, where they are not the operation's own; botocore's model lacks them.
ROOTS = {
    "CreateMultipartUpload": "InitiateMultipartUploadResult",
    "DeleteObjects": "DeleteResult",
    "GetBucketLocation": "LocationConstraint",
    "ListBuckets": "ListAllMyBucketsResult",
    "ListObjects": "ListBucketResult",
    "ListObjectsV2": "ListBucketResult",
}


def read(request: HttpRequest, service: ServiceModel) -> tuple[str, Mapping[str, Any]]:
    """Return the operation and its parameters; a streamed body is handed on as a reader."""
    try:
        found = routes.find(request, service)
    except UnicodeDecodeError:
        raise ServiceError("InvalidURI", "The path is not UTF-8.") from None
    if found is None:
        raise ServiceError("MethodNotAllowed", f"There is no operation for {request.method} there.", status=405)
    operation, labels = found
    shape = service.operation_model(operation).input_shape
    if shape is None:
        return operation, {}
    try:
        params = rest.read_located(request, shape, labels)
        _read_payload(request, shape, params)
    except ValueFormatError as error:
        raise ServiceError("MalformedXML" if "XML" in str(error) else "InvalidArgument", str(error)) from None
    return operation, params


def _read_payload(request: HttpRequest, shape: StructureShape, params: dict[str, Any]) -> None:
    payload = shape.serialization.get("payload")
    if payload is None:
        return
    member = shape.members[payload]
    body = PayloadReader(request)
    if not isinstance(member, StructureShape):
        params[payload] = body
        return
    content = read_up_to(body, MAX_XML_BYTES + 1)
    if len(content) > MAX_XML_BYTES:
        raise ServiceError("MaxMessageLengthExceeded", "Your request was too big.")
    if content:
        params[payload] = xml.read(xml.parse(content), member)


def write(response: Mapping[str, Any], operation: OperationModel, request_id: str) -> HttpResponse:
    """Return the response; a member that is the whole body (an object's content) is passed on as it is."""
    shape = operation.output_shape
    status = 206 if "ContentRange" in response else operation.http.get("responseCode", 200)
    headers = {"x-amz-request-id": request_id}
    if shape is None:
        return HttpResponse(status, headers)
    headers.update(rest.write_located(response, shape))
    payload = shape.serialization.get("payload")
    if payload is not None:
        member = shape.members[payload]
        if not isinstance(member, StructureShape):
            return HttpResponse(status, headers, response.get(payload) or b"")
        root = xml.write(member.serialization.get("name", payload), response.get(payload, {}), member)
    else:
        root = ET.Element(ROOTS.get(operation.name, f"{operation.name}Result"))
        xml.write_members(root, response, shape)
    if payload is None and not _has_body(shape):
        return HttpResponse(status, headers)
    root.set("xmlns", operation.service_model.metadata.get("xmlNamespace", "http://s3.amazonaws.com/doc/2006-03-01/"))
    return HttpResponse(status, {**headers, "Content-Type": "application/xml"}, xml.document(root))


def _has_body(shape: StructureShape) -> bool:
    return any("location" not in member.serialization for member in shape.members.values())


def write_error(error: ServiceError, request: HttpRequest, request_id: str) -> HttpResponse:
    """Return the error as S3 does: to HEAD, the status alone."""
    headers = {"x-amz-request-id": request_id, "Content-Type": "application/xml"}
    if request.method == "HEAD" or error.status == 304:
        return HttpResponse(error.status, headers)
    root = ET.Element("Error")
    ET.SubElement(root, "Code").text = error.code
    ET.SubElement(root, "Message").text = _printable(error.message)
    ET.SubElement(root, "RequestId").text = request_id
    return HttpResponse(error.status, headers, xml.document(root))


def _printable(text: str) -> str:
    """Return the text without characters that XML cannot hold."""
    return "".join(char if char.isprintable() or char in "\n\t" else "\ufffd" for char in text)
