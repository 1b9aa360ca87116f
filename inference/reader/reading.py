"""Calls the reader in a compiled model's library."""

from __future__ import annotations

import ctypes
import logging
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from inference.features import Features
from inference.reader.layout import END, LABEL, Form, Piece
from inference.reader.tables import Tables, UnfitError

_LONGEST_NUMBER = 32
_MOST_ROOM = 1 << 16

_LOG = logging.getLogger(__name__)

Answering = Callable[[bytes, int], bytes | None]
"""What answers a body of one row, given its length; None where the row is none that the reader takes."""


def reader_of(features: Features, model: object) -> PlainReader | None:
    """The reader of a compiled model; None where it is not compiled, or its rows are not for the reader."""
    library = getattr(model, "library", None)
    if library is None:
        return None
    try:
        return PlainReader(features, library)
    except UnfitError as reason:
        _LOG.info("Python reads this model's rows: %s.", reason)
        return None


class PlainReader:
    """Reads plain rows for one model."""

    def __init__(self, features: Features, library: ctypes.CDLL) -> None:
        """Raises UnfitError where the library has no reader, or none that reads this model's rows."""
        # A row or some hundred of them take less time than to let go of Python's lock and take it again. What an
        # answer is written to is shared, besides: it is copied before the lock is let go of.
        held = ctypes.PyDLL(library._name, handle=library._handle)
        try:
            index, self._rows, self._answer = held.model_reader_index, held.model_reader_rows, held.model_reader_answer
        except AttributeError as error:
            raise UnfitError("its library was compiled before there was a reader") from error
        self._tables = Tables(features)
        self.width: int = self._tables.reader.features
        sized, size = ctypes.c_void_p, ctypes.c_size_t
        index.argtypes, index.restype = [sized], ctypes.c_int
        self._rows.argtypes = [sized, ctypes.c_char_p, size, ctypes.POINTER(size), size, ctypes.c_int, sized]
        self._rows.restype = size
        self._answer.argtypes, self._answer.restype = [sized, ctypes.c_char_p, size], ctypes.c_char_p
        if index(self._tables.address):
            raise UnfitError("its library has another version of the reader")

    def rows(self, body: bytes, at: int, out: NDArray[np.float32], *, may_be_header: bool) -> tuple[int, int]:
        """Read rows from a place of a body on into (rows, features); returns how many, and the place that follows.

        Stops before a row that the reader does not take, and before a first one that holds a column's name where that
        may be a header.
        """
        place = ctypes.c_size_t(at)
        count = self._rows(
            self._tables.address, body, len(body), ctypes.byref(place), len(out), may_be_header, out.ctypes.data
        )
        return count, place.value

    def answering(self, pieces: list[tuple[str, int]], labels: Sequence[str], threshold: float) -> Answering | None:
        """What answers bodies of one row: texts, each with what follows it, an output's number or another of `layout`.

        None where texts hold what the reader cannot write, or too much, or nothing.
        """
        try:
            texts = [(text.encode(), follows) for text, follows in pieces]
            names = [(label.encode(), END) for label in labels]
        except UnicodeEncodeError:
            return None
        size = sum(len(text) + _LONGEST_NUMBER for text, _ in texts)
        size += sum(follows == LABEL for _, follows in texts) * max((len(name) for name, _ in names), default=0)
        if not texts or size > _MOST_ROOM or any(b"\0" in text for text, _ in texts + names):
            return None
        room = ctypes.create_string_buffer(size)
        parts = [
            (Piece * len(some))(*(Piece(text, len(text), follows) for text, follows in some)) for some in (texts, names)
        ]
        form = Form(self._tables.address, *parts, threshold, ctypes.addressof(room))
        form.kept = (self, room, texts, names, parts)
        return partial(self._answer, ctypes.byref(form))
