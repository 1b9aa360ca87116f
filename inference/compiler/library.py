"""Calls a compiled model's shared library."""

from __future__ import annotations

import ctypes
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.compiler.errors import CompileError


def load(path: Path) -> ctypes.CDLL:
    """A shared library as it stands now; raises OSError where this machine cannot load it.

    The system hands out the library that it loaded from a path before, even when the file has changed since. A private
    copy, which is gone from the folder again as soon as it is loaded, is always new.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        copy.write_bytes(path.read_bytes())
        try:
            return ctypes.CDLL(str(copy))
        except OSError:
            return ctypes.CDLL(str(path.resolve()))  # Temporary folders may not allow programs.


def function(library: ctypes.CDLL) -> Any:
    """`model_predict(rows, count, scores)` with its types."""
    found = library.model_predict
    found.argtypes, found.restype = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p], ctypes.c_int
    return found


class Library:
    """`model_predict` of a shared library that this machine can load."""

    def __init__(self, path: Path, width: int, outputs: int) -> None:
        try:
            self._predict = function(load(path))
        except (OSError, AttributeError) as error:
            raise CompileError(f"{path.name} cannot be loaded on this machine: {error}.") from error
        self._width = width
        self._outputs = outputs

    def scores(self, matrix: NDArray[np.float32]) -> NDArray[np.float32]:
        """Answers to (rows, width): (rows,) where there is one output, else (rows, outputs)."""
        rows = np.ascontiguousarray(matrix, dtype=np.float32)
        if rows.ndim != 2 or rows.shape[1] != self._width:
            raise CompileError(f"rows of shape {rows.shape} do not fit a model that takes {self._width} features.")
        count = len(rows)
        out = np.empty(count if self._outputs == 1 else (count, self._outputs), dtype=np.float32)
        if self._predict(rows.ctypes.data, count, out.ctypes.data):
            raise MemoryError(f"there is no memory to score {count} rows.")
        return out
