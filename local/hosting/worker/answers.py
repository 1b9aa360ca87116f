"""What a model gives back to the server, and how a mistake becomes an HTTP status."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from local.hosting.attributes import HEADER, problem

CSV = "text/csv"
JSON = "application/json"
NPY = "application/x-npy"
ANY = "*/*"
TEXT_TYPES = (CSV, JSON)


@dataclass(frozen=True)
class Answer:
    """The reply to one request; `attributes` are custom attributes for InvokeEndpoint to answer."""

    body: bytes
    content_type: str = JSON
    status: int = 200
    attributes: str = ""


Predict: TypeAlias = Callable[[bytes, str, str], Answer]
"""Answers a body of a content type for an accepted type; both may be empty where the client named none."""


class LoadError(Exception):
    """A model cannot be served; the message is a sentence with the one cause."""


class RequestError(Exception):
    """A request cannot be answered; `status` is the HTTP code."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class UnsupportedFormatError(Exception):
    """A content type that the toolkits' defaults neither read nor write."""

    def __init__(self, content_type: str) -> None:
        super().__init__(f"Content type {content_type} is not supported by this framework.")
        self.content_type = content_type


def media_type(header: str) -> str:
    """Return a content type without its parameters, in lower case."""
    return header.partition(";")[0].strip().lower()


def of_error(error: BaseException) -> Answer:
    """Return the reply to a request that raised: the status an exception carries, else 500; never a traceback."""
    status = getattr(error, "status", None)
    if not isinstance(status, int) or not 400 <= status < 600:
        status = 500
    text = " ".join(str(error).split())
    shown = text if isinstance(error, RequestError) or status != 500 else f"{type(error).__name__}: {text}"
    return Answer(json.dumps({"error": shown[:1000]}).encode(), JSON, status)


def of_result(result: Any, accept: str) -> Answer:
    """Return the reply for what a hook returned: (body, type), a response object, or a body of the accepted type.

    Raises:
        TypeError: it is none of these.
        ValueError: a response's custom attributes are none that the service carries.
    """
    answer = _of_result(result, accept)
    trouble = problem(answer.attributes)
    if trouble is not None:
        message = f"the custom attributes in the response {trouble}"
        raise ValueError(message)
    return answer


def _of_result(result: Any, accept: str) -> Answer:
    if isinstance(result, Answer):
        return result
    if isinstance(result, tuple) and len(result) == 2:
        return Answer(_bytes(result[0]), str(result[1]))
    if hasattr(result, "get_data") and hasattr(result, "status_code"):  # Flask's and Werkzeug's responses
        told = str(result.headers.get(HEADER, ""))
        return Answer(bytes(result.get_data()), str(result.mimetype or JSON), int(result.status_code), told)
    return Answer(_bytes(result), accept or JSON)


def _bytes(body: Any) -> bytes:
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, bytes | bytearray | memoryview):
        return bytes(body)
    message = f"the hooks of the script returned a body of type {type(body).__name__}, which is neither text nor bytes."
    raise TypeError(message)
