"""A column's values, kept in memory while they are few and in a temporary file once they are many.

Exact quantiles need all values of a column, but of one column at a time: with this, ten million rows of twenty columns
take the memory of one of them. The file has no name, so nothing is left of it however the process ends.
"""

from __future__ import annotations

import os
import tempfile
import weakref
from io import BufferedRandom
from typing import Any

import numpy as np
from numpy.typing import NDArray

KEPT_BYTES = 4 << 20
"""How much of a column stays in memory."""


class Spill:
    """Values of one type that come in pieces.

    Args:
        dtype: The type that they are kept in.
    """

    def __init__(self, dtype: type[np.generic]) -> None:
        self._dtype = np.dtype(dtype)
        self._parts: list[NDArray[Any]] = []
        self._kept = 0
        self._file: BufferedRandom | None = None
        self.size = 0

    def append(self, values: NDArray[Any]) -> None:
        """Take more values."""
        self.size += values.size
        self._parts.append(values.astype(self._dtype))
        self._kept += self._parts[-1].nbytes
        if self._kept > KEPT_BYTES:
            if self._file is None:
                self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as this object
                weakref.finalize(self, self._file.close)
            for part in self._parts:
                part.tofile(self._file)
            self._parts, self._kept = [], 0

    def part(self, start: int, stop: int) -> NDArray[Any]:
        """The values from `start` up to `stop`, as an array of the caller's own."""
        filed = self.size - sum(part.size for part in self._parts)
        found = []
        if self._file is not None and start < filed:
            self._file.flush()
            self._file.seek(start * self._dtype.itemsize)
            found.append(np.fromfile(self._file, dtype=self._dtype, count=min(stop, filed) - start))
            self._file.seek(0, os.SEEK_END)
        if len(self._parts) > 1:
            self._parts = [np.concatenate(self._parts)]
        if self._parts and stop > filed:
            found.append(self._parts[0][max(start - filed, 0) : stop - filed])
        return np.concatenate(found) if found else np.empty(0, dtype=self._dtype)

    def read(self) -> NDArray[Any]:
        """All values in their order, as an array of the caller's own."""
        found = np.empty(self.size, dtype=self._dtype)
        filed = self.size - sum(part.size for part in self._parts)
        if self._file is not None:
            self._file.flush()
            self._file.seek(0)
            self._file.readinto(found[:filed].data)
            self._file.seek(0, os.SEEK_END)
        for part in self._parts:
            found[filed : filed + part.size] = part
            filed += part.size
        return found
