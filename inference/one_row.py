"""One row as CSV in, one line or object out: the most frequent request, answered with as few steps as there can be.

Whatever is not plainly such a request gets no answer here and goes the way of all others, which says what is wrong.
"""

from __future__ import annotations

from array import array

import numpy as np

from inference.columns import FeaturesError
from inference.outputs import Writer
from inference.predict import Model
from inference.rows import RowTransform

MOST_BYTES = 4096
_MARK = "\ufeff"


class OneRow:
    """Answers single rows of one model."""

    def __init__(self, transform: RowTransform, model: Model) -> None:
        self._transform = transform
        self._model = model
        names = [*transform.features.names, transform.features.target]
        self._names = frozenset(names)
        self._width = len(names) - 1

    def answer(self, body: str | bytes, writer: Writer) -> str | bytes | None:
        """The body of the answer; None where this is not one row without a header that can be answered."""
        try:
            line = (body.decode() if isinstance(body, bytes) else body).rstrip("\r\n")
            cells = line.split(",")
            if len(cells) != self._width or not line or '"' in line or "\n" in line or "\r" in line or line[0] == _MARK:
                return None
            if not self._names.isdisjoint(map(str.strip, cells)):
                return None
            features = array("f", self._transform.values(cells))
        except (UnicodeDecodeError, FeaturesError):
            return None
        row = np.frombuffer(features, dtype=np.float32).reshape(1, -1)
        return writer.whole([writer.part(self._model.scores(row))])
