"""The hooks of script-mode serving: raw rows in, predictions out."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

from inference.archive import Archive, open_archive
from inference.formats.table import RequestError
from inference.handler import Request
from inference.media_types import JSON

__all__ = ["model_fn", "transform_fn"]

_REPLACED = "\ufffd"


def model_fn(model_dir: str) -> Archive:
    """Load the archive that the container unpacked; raises with a one-line cause where it cannot be served."""
    return open_archive(Path(model_dir))


def transform_fn(model: Archive, body: str | bytes, content_type: str, accept: str) -> Any:
    """Answer a request: (body, mimetype), or a response with its HTTP code where the request is at fault.

    Raises RequestError where there is no web server to make such a response with.
    """
    try:
        if isinstance(body, str) and _REPLACED in body:
            # The image's server has decoded the body already, and put this where it was no UTF-8.
            raise RequestError("the body is not UTF-8 text.")
        return respond(model, body, content_type, accept, _attributes())
    except RequestError as error:
        try:
            wrappers = importlib.import_module("werkzeug.wrappers")  # what the container's server is made of
        except ImportError:
            raise error from None
        return wrappers.Response(json.dumps({"error": str(error)}), status=error.status, mimetype=JSON)


def respond(
    model: Archive, body: str | bytes, content_type: str, accept: str, attributes: str = ""
) -> tuple[str | bytes, str]:
    """Answer a request with (body, mimetype); raises RequestError, never answers a part of it."""
    reply = model.handler.answer(Request(body, content_type, accept, attributes))
    return reply.body, reply.type


def _attributes() -> str:
    """The request's custom attributes: hooks are not given them, but Flask has them, which the image's server uses."""
    flask = sys.modules.get("flask")
    if flask is None or not flask.has_request_context():
        return ""
    return str(flask.request.headers.get("X-Amzn-SageMaker-Custom-Attributes", ""))
