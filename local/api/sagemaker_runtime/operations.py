"""Requests to models behind endpoints, answered at once or later, with the service's own errors."""

from __future__ import annotations

from local.api.call import Call, Handler, Response
from local.api.errors import ServiceError
from local.api.logs import endpoints as logs
from local.hosting import attributes
from local.hosting.asking import ModelFailureError
from local.hosting.asynchronous.accepting import accept
from local.hosting.invoking import InvalidInvocationError, invoke
from local.store.names import arn

MODEL_ERROR = 424
MAX_ANSWER_BYTES = 6 << 20


def invoke_endpoint(call: Call) -> Response:
    """Answer a request with what the endpoint's model answers."""
    name = call.params["EndpointName"]
    _check_attributes(call)
    try:
        found = invoke(call.store, name, call.params)
    except InvalidInvocationError as error:
        raise ServiceError("ValidationError", str(error)) from None
    except ModelFailureError as error:
        raise _model_error(name, str(error), error.status, error.text) from None
    if len(found.body) > MAX_ANSWER_BYTES:
        message = f"The model's answer has {len(found.body)} bytes, and the service returns {MAX_ANSWER_BYTES}."
        raise _model_error(name, f"{message} Ask for fewer rows at a time.", 200, "")
    response: Response = {"Body": found.body, "InvokedProductionVariant": found.variant}
    if found.content_type:
        response["ContentType"] = found.content_type
    if found.attributes:
        response["CustomAttributes"] = found.attributes
    return response


def invoke_endpoint_with_response_stream(call: Call) -> Response:
    """Answer as a stream. Workers answer whole, so it has one part."""
    response = invoke_endpoint(call)
    return {**response, "Body": {"PayloadPart": {"Bytes": response["Body"]}}}


def invoke_endpoint_async(call: Call) -> Response:
    """Take a request in, and say where its answer will be."""
    _check_attributes(call)
    try:
        return accept(call.store, call.params["EndpointName"], call.params, call.now)
    except InvalidInvocationError as error:
        raise ServiceError("ValidationError", str(error)) from None


def _check_attributes(call: Call) -> None:
    """Refuse what the shape lets pass: control characters would not arrive at the container as they are."""
    trouble = attributes.problem(call.params.get("CustomAttributes", ""))
    if trouble is not None:
        raise ServiceError("ValidationError", f"The CustomAttributes {trouble}")


def _model_error(endpoint: str, message: str, status: int, text: str) -> ServiceError:
    details = {
        "OriginalStatusCode": status,
        "OriginalMessage": text,
        "LogStreamArn": arn(f"log-group:{logs.PREFIX}{endpoint}:log-stream:{logs.STREAM}", service="logs"),
    }
    return ServiceError("ModelError", message, status=MODEL_ERROR, details=details)


OPERATIONS: dict[str, Handler] = {
    "InvokeEndpoint": invoke_endpoint,
    "InvokeEndpointAsync": invoke_endpoint_async,
    "InvokeEndpointWithResponseStream": invoke_endpoint_with_response_stream,
}
