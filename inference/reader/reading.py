"""Calls the reader in a compiled model's library."""

from __future__ import annotations

import ctypes
import logging
from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from inference.features import Features
from inference.reader.layout import Form
from inference.reader.tables import Tables, UnfitError

_LONGEST_NUMBER = 32

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

    def answering(self, frames: list[tuple[str, str]], threshold: float) -> Answering | None:
        """What answers bodies of one row: with the number between the frame of its label, or the one frame there is.

        None where frames hold what the reader cannot write.
        """
        try:
            parts = [(head.encode(), tail.encode()) for head, tail in frames]
        except UnicodeEncodeError:
            return None
        if not parts or len(parts) > 2 or any(b"\0" in part for pair in parts for part in pair):
            return None
        heads, tails = ([pair[place] for pair in (parts * 2)[:2]] for place in (0, 1))
        room = ctypes.create_string_buffer(max(map(len, heads)) + max(map(len, tails)) + _LONGEST_NUMBER)
        form = Form(
            self._tables.address,
            (ctypes.c_char_p * 2)(*heads),
            (ctypes.c_char_p * 2)(*tails),
            (ctypes.c_uint32 * 2)(*map(len, heads)),
            (ctypes.c_uint32 * 2)(*map(len, tails)),
            threshold,
            len(parts) == 2,
            ctypes.addressof(room),
        )
        form.kept = (self, room, parts)
        return partial(self._answer, ctypes.byref(form))
