"""Requests and responses held against botocore's model: limits, patterns and enumerations included."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local.api import errors
from local.definition import shapes
from local.definition.models import service_model

# The services whose requests are held against their model, each with its word for one that does not fit. S3 and STS
# answer in their own words to that; their handlers do so themselves.
CHECKED = {
    "events": "ValidationException",
    "lambda": "ValidationException",
    "logs": "InvalidParameterException",
    "sagemaker": "ValidationException",
    "sagemaker-runtime": "ValidationError",
}
# Lists whose shape, which they share with requests, asks for a member: the service answers an empty one all the same.
MAY_BE_EMPTY = {("events", "ListTargetsByRule"): "Targets"}
MAX_SHOWN = 10


class ResponseError(Exception):
    """A response of ours that the service's model does not allow: a fault of Sageline, never of its user."""


def check_request(service: str, operation: str, params: Mapping[str, Any]) -> None:
    """Raise ValidationException in the service's own wording, with all that does not fit."""
    shape = service_model(service).operation_model(operation).input_shape
    if service not in CHECKED or shape is None:
        return
    found = shapes.check(dict(params), shape, style="service")
    if found:
        error = errors.constraints([finding.message for finding in found[:MAX_SHOWN]])
        raise errors.ServiceError(CHECKED[service], error.message)


def check_response(service: str, operation: str, response: Mapping[str, Any]) -> None:
    """Raise ResponseError where a response does not fit its shape."""
    shape = service_model(service).operation_model(operation).output_shape
    if service not in CHECKED or shape is None:
        return
    empty = MAY_BE_EMPTY.get((service, operation))
    shown = {name: value for name, value in response.items() if name != empty or value}
    found = shapes.check(shown, shape, style="service")
    if found:
        raise ResponseError("; ".join(finding.message for finding in found[:MAX_SHOWN]))
