"""One row as CSV in, one line or object out: the most frequent request, answered with as few steps as there can be.

Whatever is not plainly such a request gets no answer here and goes the way of all others, which says what is wrong.
"""

from __future__ import annotations

from array import array

import numpy as np
from numpy.typing import NDArray

from inference.columns import FeaturesError
from inference.outputs import Writer
from inference.predict import Model
from inference.reader.reading import PlainReader
from inference.rows import RowTransform

MOST_BYTES = 4096
_MARK = "\ufeff"


class OneRow:
    """Answers single rows of one model."""

    def __init__(self, transform: RowTransform, model: Model, reader: PlainReader | None = None) -> None:
        self._transform = transform
        self._model = model
        self._reader = reader
        names = [*transform.features.names, transform.features.target]
        self._names = frozenset(names)
        self._width = len(names) - 1

    def answer(self, body: bytes, writer: Writer) -> str | bytes | None:
        """The body of the answer; None where this is not one row without a header that can be answered."""
        row = self._plain(body)
        if row is None:
            row = self._read(body)
        return None if row is None else writer.whole([writer.part(self._model.scores(row))])

    def _plain(self, body: bytes) -> NDArray[np.float32] | None:
        """The features of a row that the compiled reader takes, (1, features)."""
        if self._reader is None or body.startswith(b"\xef"):
            return None
        row = np.empty((1, self._reader.width), np.float32)
        count, at = self._reader.rows(body, 0, row, may_be_header=True)
        return row if count and not body[at:].strip(b"\r\n") else None

    def _read(self, body: bytes) -> NDArray[np.float32] | None:
        try:
            line = body.decode().rstrip("\r\n")
            cells = line.split(",")
            if len(cells) != self._width or not line or '"' in line or "\n" in line or "\r" in line or line[0] == _MARK:
                return None
            if not self._names.isdisjoint(map(str.strip, cells)):
                return None
            features = array("f", self._transform.values(cells))
        except (UnicodeDecodeError, FeaturesError):
            return None
        return np.frombuffer(features, dtype=np.float32).reshape(1, -1)
