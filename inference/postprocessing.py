"""The hooks of the container behind Neo's own image: that image's scores in, answers as of the model's endpoint out."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.accept import Wanted, wanted
from inference.archive import open_features
from inference.features import Features
from inference.formats.table import RequestError, text_of
from inference.hooks import Answer, answered, custom_attributes
from inference.outputs import Writer

__all__ = ["model_fn", "transform_fn"]

_SHOWN = 60


class Postprocessing:
    """Writes what a model's scores say."""

    def __init__(self, features: Features) -> None:
        self._features = features
        self._classes = len(features.labels) if features.kind == "multiclass" else 1
        self._writer = lru_cache(maxsize=64)(self._new_writer)

    def answer(self, body: str | bytes, content_type: str, accept: str, attributes: str = "") -> Answer:
        """The answer to scores in a body; raises RequestError, never answers a part of it."""
        form = wanted(accept, attributes, content_type, self._features.kind)
        if form.explained:
            raise RequestError(
                "this endpoint runs the compiled model in Neo's own image, which explains nothing; leave out "
                "explain and explanation.",
                406,
            )
        writer, scores = self._writer(form), self._scores(text_of(body))
        size = form.rows_at_once
        return writer.whole([writer.part(scores[at : at + size]) for at in range(0, len(scores), size)]), form.type

    def _scores(self, text: str) -> NDArray[np.float32]:
        """(rows,) of one number a row, which Neo's image writes as one line, else (rows, classes), a line each."""
        lines = [line.split(",") for line in text.splitlines() if line]
        if self._classes == 1:
            lines = [[cell] for line in lines for cell in line]
        try:
            scores = np.array(lines, dtype=np.float64).astype(np.float32)
        except ValueError:
            scores = np.empty((0, 0), dtype=np.float32)
        if scores.ndim != 2 or scores.shape[1] != self._classes or not len(scores):
            message = f"Neo's container answered {text[:_SHOWN]!r}, which are no scores of this model."
            raise RequestError(message, 500)
        return scores[:, 0] if self._classes == 1 else scores

    def _new_writer(self, form: Wanted) -> Writer:
        return Writer(self._features, form, ())


def model_fn(model_dir: str) -> Postprocessing:
    """Load what was fitted; raises with a one-line cause where it cannot be used."""
    return Postprocessing(open_features(Path(model_dir)))


def transform_fn(model: Postprocessing, body: str | bytes, content_type: str, accept: str) -> Any:
    """Answer a request: (body, mimetype), or a response with its HTTP code where the request is at fault."""
    return answered(body, lambda: model.answer(body, content_type, accept, custom_attributes()))
