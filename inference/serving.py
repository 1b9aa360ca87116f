"""The hooks of script-mode serving: raw rows in, predictions out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from inference.archive import Archive, open_archive
from inference.handler import Request
from inference.hooks import answered, custom_attributes

__all__ = ["model_fn", "transform_fn"]


def model_fn(model_dir: str) -> Archive:
    """Load the archive that the container unpacked; raises with a one-line cause where it cannot be served."""
    return open_archive(Path(model_dir))


def transform_fn(model: Archive, body: str | bytes, content_type: str, accept: str) -> Any:
    """Answer a request: (body, mimetype), or a response with its HTTP code where the request is at fault.

    Raises RequestError where there is no web server to make such a response with.
    """
    return answered(body, lambda: respond(model, body, content_type, accept, custom_attributes()))


def respond(
    model: Archive, body: str | bytes, content_type: str, accept: str, attributes: str = ""
) -> tuple[str | bytes, str]:
    """Answer a request with (body, mimetype); raises RequestError, never answers a part of it."""
    reply = model.handler.answer(Request(body, content_type, accept, attributes))
    return reply.body, reply.type
