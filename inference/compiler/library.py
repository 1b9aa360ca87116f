"""Calls a compiled model's shared library."""

from __future__ import annotations

import ctypes
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.compiler.errors import CompileError


class Library:
    """`model_predict` of a shared library that this machine can load."""

    def __init__(self, path: Path, width: int, outputs: int) -> None:
        try:
            self._predict = ctypes.CDLL(str(path.resolve())).model_predict
        except (OSError, AttributeError) as error:
            raise CompileError(f"{path.name} cannot be loaded on this machine: {error}.") from error
        self._predict.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p]
        self._predict.restype = ctypes.c_int
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
