"""Between hooks of script mode and the server in the image: refusals with their codes, and what hooks are not given."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable
from typing import Any

from inference.formats.table import RequestError
from inference.media_types import JSON

Answer = tuple[str | bytes, str]
"""A body and its media type."""

_REPLACED = "\ufffd"


def answered(body: str | bytes, answer: Callable[[], Answer]) -> Any:
    """What a hook returns for a request with this body: the answer, or a response with the HTTP code of its refusal.

    Raises RequestError where there is no web server to make such a response with.
    """
    try:
        if isinstance(body, str) and _REPLACED in body:
            # The image's server has decoded the body already, and put this where it was no UTF-8.
            raise RequestError("the body is not UTF-8 text.")
        return answer()
    except RequestError as error:
        made = _response(json.dumps({"error": str(error)}), JSON, error.status)
        if made is None:
            raise
        return made


def of_exact_type(answer: Answer) -> Any:
    """An answer whose type arrives as it stands here: the image's server adds a character set to that of text.

    Where there is no such server, the answer itself.
    """
    made = _response(*answer, 200)
    return answer if made is None else made


def custom_attributes() -> str:
    """The request's custom attributes: hooks are not given them, but Flask has them, which the image's server uses."""
    flask = sys.modules.get("flask")
    if flask is None or not flask.has_request_context():
        return ""
    return str(flask.request.headers.get("X-Amzn-SageMaker-Custom-Attributes", ""))


def _response(body: str | bytes, kind: str, status: int) -> Any:
    try:
        wrappers = importlib.import_module("werkzeug.wrappers")  # what the container's server is made of
    except ImportError:
        return None
    return wrappers.Response(body, status=status, content_type=kind)
