"""Finding what a request names, and the service's words where it names nothing."""

from __future__ import annotations

from typing import Any

from local.api.call import Call
from local.api.errors import ServiceError
from local.functions import queues
from local.functions.queues import Queue


def queue(call: Call) -> Queue:
    """Return the queue of a request's QueueUrl."""
    try:
        found = queues.find(call.store, str(call.params.get("QueueUrl", "")))
    except queues.QueueNameError as error:
        raise ServiceError("InvalidAddress", str(error)) from None
    if found is None:
        raise ServiceError("QueueDoesNotExist", "The specified queue does not exist.")
    return found


def number(value: Any, name: str, least: int, most: int) -> int:
    """Return a whole number within its limits."""
    try:
        found = int(value)
    except (TypeError, ValueError):
        found = least - 1
    if not least <= found <= most or isinstance(value, bool):
        message = f"Value {value!s:.40} for parameter {name} is invalid. Reason: Must be between {least} and {most}."
        raise ServiceError("InvalidParameterValue", message)
    return found


def body(text: Any) -> str:
    """Return a message's body, held against what a message may hold."""
    if not isinstance(text, str) or not text:
        raise ServiceError("MissingParameter", "The request must contain the parameter MessageBody.")
    if len(text.encode("utf-8", "surrogatepass")) > 1_048_576:
        raise ServiceError("InvalidParameterValue", "One or more parameters are invalid. Reason: Message too long.")
    return text
