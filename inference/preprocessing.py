"""The hooks of the container before Neo's own image: raw rows in, features out as that image takes them.

Rows are read and refused as the model's own endpoint does it; which answer is wanted is for the last container to see.
Source: neo-ai/neo-ai-dlr, `container/neo_template_xgboost.py`: types are compared as they stand, without a character
set; it guesses what separates cells, which one column alone does not tell, so one feature is written as libsvm.
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.archive import open_features
from inference.blocks import BlockTransform
from inference.features import Features
from inference.formats.table import RequestError
from inference.hooks import Answer, answered, of_exact_type
from inference.requests import read_table
from inference.rows import RowTransform

__all__ = ["model_fn", "transform_fn"]

CSV, LIBSVM = "text/csv", "text/libsvm"
MOST_BYTES = 6_553_500
"""Of a request and of an answer of the server in Neo's image, by its own default."""

_ROWS = 256
# A score as that image writes it: 18 decimals, an exponent, a sign at most, and what comes behind.
_SCORE_BYTES = 26


class Preprocessing:
    """Turns the rows of requests into features for one model."""

    def __init__(self, features: Features) -> None:
        self._names = frozenset([*features.names, features.target])
        self._blocks = BlockTransform(RowTransform(features))
        width = len(features.feature_names())
        self._type = CSV if width > 1 else LIBSVM
        # Nine digits are enough for any number of 32 bits, also where it is read as one of 64 first.
        self._line = ",".join(["%.9g"] * width) if width > 1 else "0:%.9g"
        self._outputs = len(features.labels) if features.kind == "multiclass" else 1

    def answer(self, body: str | bytes, content_type: str) -> Answer:
        """The features of the rows in a body, a line each; raises RequestError, never answers a part of it."""
        table = read_table(body, content_type, self._names)
        lines: list[str] = []
        size = 0
        while rows := list(islice(table.rows, _ROWS)):
            made = self._lines(self._blocks.matrix(rows, table.names, len(lines) + 1))
            lines += made
            size += sum(map(len, made)) + len(made)
            if max(size, len(lines) * self._outputs * _SCORE_BYTES) > MOST_BYTES:
                raise RequestError(
                    f"{len(lines)} rows make more than {MOST_BYTES:,} bytes of features or answers, which is what "
                    "Neo's container takes; send fewer rows at a time.",
                    413,
                )
        if not lines:
            raise RequestError("the body holds no rows.")
        return "\n".join(lines) + "\n", self._type

    def _lines(self, matrix: NDArray[np.float32]) -> list[str]:
        return [self._line % tuple(row) for row in matrix.tolist()]


def model_fn(model_dir: str) -> Preprocessing:
    """Load what was fitted; raises with a one-line cause where it cannot be used."""
    return Preprocessing(open_features(Path(model_dir)))


def transform_fn(model: Preprocessing, body: str | bytes, content_type: str, accept: str) -> Any:  # noqa: ARG001
    """Answer a request with features, or with a response with its HTTP code where the request is at fault."""
    found = answered(body, lambda: model.answer(body, content_type))
    return of_exact_type(found) if isinstance(found, tuple) else found
