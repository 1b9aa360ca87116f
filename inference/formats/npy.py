"""NumPy's own format: numbers or texts, a row after another, by position or with named fields. Nothing is unpickled."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.lib import format as _untyped
from numpy.typing import NDArray

from inference.formats.table import RequestError, Table, checked_names

npy_format: Any = _untyped
_CELLS = "biufUS"
"""The kinds of cells that can be read: truths, integers, floats, texts."""


def read(body: bytes) -> Table:
    """The rows of a body: (rows, columns), (columns,) for one row, or (rows,) with named fields."""
    array = _array(body)
    if array.dtype.names is not None:
        return Table(iter(array.reshape(-1).tolist()), checked_names(list(array.dtype.names)))
    if array.ndim == 1:
        array = array[np.newaxis]
    if array.ndim != 2:
        raise RequestError(f"the array has {array.ndim} dimensions where rows and columns make 2.")
    return Table(iter(array.tolist()))


def _array(body: bytes) -> NDArray[Any]:
    """The array in a body, read only where the bytes are there that its head promises."""
    file = io.BytesIO(body)
    try:
        version = npy_format.read_magic(file)
        read_head = npy_format.read_array_header_1_0 if version == (1, 0) else npy_format.read_array_header_2_0
        shape, by_columns, dtype = read_head(file)
    except (ValueError, TypeError, SyntaxError, EOFError, RecursionError, MemoryError, OverflowError) as error:
        raise RequestError("the body is not an array in NumPy's format.") from error
    fields = [field[0] for field in dtype.fields.values()] if dtype.fields else []
    if not all(kind.kind in _CELLS and kind.kind != "S" and not kind.shape for kind in fields) or (
        not fields and dtype.kind not in _CELLS
    ):
        raise RequestError("the array's cells are neither numbers nor texts.")
    count = 1
    for length in shape:
        count *= length
    if count * dtype.itemsize != len(body) - file.tell():
        raise RequestError(
            f"the array has {len(body) - file.tell()} bytes where its head says {count * dtype.itemsize}."
        )
    array = np.frombuffer(body, dtype=dtype, count=count, offset=file.tell()) if count else np.empty(0, dtype)
    array = array.reshape(shape, order="F" if by_columns else "C")
    if dtype.kind != "S":
        return array
    try:
        return np.strings.decode(array, "utf-8")
    except UnicodeDecodeError as error:
        raise RequestError("the array's texts are not UTF-8.") from error


def write(array: NDArray[Any]) -> bytes:
    """An array as a body."""
    buffer = io.BytesIO()
    npy_format.write_array(buffer, array, allow_pickle=False)
    return buffer.getvalue()
