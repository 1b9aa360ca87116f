"""The hooks of script-mode serving: raw rows in, predictions out."""

from __future__ import annotations

import csv
import importlib
import io
import json
from pathlib import Path
from typing import Any

import numpy as np

from inference.answers import answers
from inference.archive import Archive, open_archive
from inference.requests import CSV, JSON, RequestError, media_type, read_rows

__all__ = ["model_fn", "transform_fn"]


def model_fn(model_dir: str) -> Archive:
    """Load the archive that the container unpacked; raises with a one-line cause where it cannot be served."""
    return open_archive(Path(model_dir))


def transform_fn(model: Archive, body: str | bytes, content_type: str, accept: str) -> Any:
    """Answer a request: (body, mimetype), or a response with its HTTP code where the request is at fault.

    Raises RequestError where there is no web server to make such a response with.
    """
    try:
        return respond(model, body, content_type, accept)
    except RequestError as error:
        try:
            wrappers = importlib.import_module("werkzeug.wrappers")  # what the container's server is made of
        except ImportError:
            raise error from None
        return wrappers.Response(json.dumps({"error": str(error)}), status=error.status, mimetype=JSON)


def respond(model: Archive, body: str | bytes, content_type: str, accept: str) -> tuple[str, str]:
    """Answer a request with (body, mimetype); raises RequestError, never answers a part of it."""
    wanted = _answer_type(content_type, accept)
    matrix = np.array(read_rows(body, content_type, model.transform), dtype=np.float32)
    found = answers(model.features, model.model.scores(matrix))
    return (_csv(found) if wanted == CSV else json.dumps({"predictions": found})), wanted


def _answer_type(content_type: str, accept: str) -> str:
    choices = [media_type(choice) for choice in (accept or "*/*").split(",")]
    for choice in choices:
        if choice in (CSV, JSON):
            return choice
    if "*/*" in choices:
        return CSV if media_type(content_type) == CSV else JSON
    raise RequestError(f"the answer type {accept} is not served; accept {JSON} or {CSV}.", 406)


def _csv(found: list[dict[str, Any]]) -> str:
    """One line per row: label and score, label and the score of each class, or the value."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    for answer in found:
        scores = list(answer["scores"].values()) if "scores" in answer else [answer["score"]]
        writer.writerow([answer["predicted_label"], *scores] if "predicted_label" in answer else scores)
    return buffer.getvalue()
