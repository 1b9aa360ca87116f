"""The rows of a CSV body as blocks of features: by the compiled reader, and by Python where a row is not plain."""

from __future__ import annotations

import csv
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from inference.columns import FeaturesError
from inference.formats.csv_text import is_header
from inference.reader.reading import PlainReader
from inference.rows import RowTransform

_MARK = b"\xef\xbb\xbf"
_SPARE, _SHARE = 16, 8
"""Rows that Python may have to read before another way is better: so many, and one in so many of those read."""


class NotPlainError(Exception):
    """A body is to be read from its start in the way of all others, which says what is wrong with it, if anything."""


class PlainBlocks:
    """Reads whole bodies for one model."""

    def __init__(self, reader: PlainReader, transform: RowTransform) -> None:
        self._reader = reader
        self._transform = transform
        self._names = transform.features.names
        self._known = frozenset([*self._names, transform.features.target])

    def matrices(self, body: bytes, header: bool | None, size: int) -> Iterator[NDArray[np.float32]]:
        """The rows as (up to `size`, features), one after another; `header` as for `inference.formats.csv_text`.

        Raises NotPlainError, at once or after some blocks.
        """
        body = body.removeprefix(_MARK)
        at, total, asked, first = 0, 0, 0, True
        if header:
            cells, at = _line(body, 0)
            self._check_header(cells)
        while at < len(body):
            out = np.empty((size, self._reader.width), np.float32)
            count = 0
            while True:
                found, at = self._reader.rows(body, at, out[count:], may_be_header=first and header is None)
                count += found
                if count == size or at == len(body):
                    break
                cells, at = _line(body, at)
                if first and not count and header is None and is_header(cells, self._known):
                    self._check_header(cells)
                else:
                    out[count] = self._values(cells)
                    count, asked = count + 1, asked + 1
                    if asked > _SPARE + (total + count) // _SHARE:
                        raise NotPlainError
                first = False
                if count == size:
                    break
            total, first = total + count, False
            if count:
                yield out[:count]
        if not total:
            raise NotPlainError

    def _check_header(self, cells: list[str]) -> None:
        if [cell.strip() for cell in cells] != self._names:
            raise NotPlainError

    def _values(self, cells: list[str]) -> list[float]:
        try:
            return self._transform.values(cells)
        except FeaturesError as error:
            raise NotPlainError from error


def _line(body: bytes, at: int) -> tuple[list[str], int]:
    """The cells of the row in a line, and where the next line starts."""
    end = body.find(b"\n", at) + 1 or len(body)
    try:
        rows = list(csv.reader([body[at:end].decode()], strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise NotPlainError from error
    if len(rows) != 1 or not rows[0]:
        raise NotPlainError
    return rows[0], end
