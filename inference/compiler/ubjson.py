"""Reads Universal Binary JSON, as XGBoost writes it, with the standard library and numpy.

Specification: https://ubjson.org, with typed and counted containers; numbers are big-endian.
"""

from __future__ import annotations

from typing import Any

import numpy as np

_NUMBERS = {"i": ">i1", "U": ">u1", "I": ">i2", "l": ">i4", "L": ">i8", "d": ">f4", "D": ">f8"}
_CONSTANTS = {"Z": None, "T": True, "F": False}
_MOST_NESTED = 64


class UBJSONError(ValueError):
    """The bytes are not UBJSON."""


def loads(data: bytes) -> Any:
    """The value in `data`. Arrays of one numeric type come as numpy arrays, all others as lists."""
    reader = _Reader(data)
    return reader.value(reader.marker(), 0)


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, count: int) -> bytes:
        end = self._at + count
        if count < 0 or end > len(self._data):
            raise UBJSONError(f"the data ends at byte {len(self._data)}, inside of a value")
        self._at, start = end, self._at
        return self._data[start:end]

    def marker(self) -> str:
        found = chr(self.take(1)[0])
        return self.marker() if found == "N" else found

    def peek(self) -> str:
        return chr(self._data[self._at]) if self._at < len(self._data) else ""

    def value(self, marker: str, depth: int) -> Any:
        if depth > _MOST_NESTED:
            raise UBJSONError(f"values are nested more than {_MOST_NESTED} deep")
        if marker in _CONSTANTS:
            return _CONSTANTS[marker]
        if marker in _NUMBERS:
            return self._number(marker)
        if marker == "C":
            return chr(self.take(1)[0])
        if marker == "S":
            return self._text()
        if marker == "[":
            return self._array(depth + 1)
        if marker == "{":
            return self._object(depth + 1)
        raise UBJSONError(f"byte {self._at - 1} is {marker!r}, where a value starts")

    def _number(self, marker: str) -> int | float:
        kind = np.dtype(_NUMBERS[marker])
        found = np.frombuffer(self.take(kind.itemsize), dtype=kind)[0].item()
        return found if isinstance(found, int) else float(found)

    def _count(self) -> int:
        found = self.value(self.marker(), 0)
        if not isinstance(found, int) or isinstance(found, bool) or found < 0:
            raise UBJSONError(f"byte {self._at - 1} holds no length")
        return found

    def _text(self) -> str:
        return self.take(self._count()).decode("utf-8")

    def _header(self) -> tuple[str | None, int | None]:
        kind = count = None
        if self.peek() == "$":
            self.take(1)
            kind = chr(self.take(1)[0])
            if self.peek() != "#":
                raise UBJSONError(f"byte {self._at} lacks the count of a typed container")
        if self.peek() == "#":
            self.take(1)
            count = self._count()
        return kind, count

    def _array(self, depth: int) -> Any:
        kind, count = self._header()
        if kind in _NUMBERS and count is not None:
            dtype = np.dtype(_NUMBERS[kind])
            return np.frombuffer(self.take(count * dtype.itemsize), dtype=dtype).astype(dtype.newbyteorder("="))
        if count is not None:
            return [self.value(kind or self.marker(), depth) for _ in range(count)]
        found = []
        while (marker := self.marker()) != "]":
            found.append(self.value(marker, depth))
        return found

    def _object(self, depth: int) -> dict[str, Any]:
        kind, count = self._header()
        found: dict[str, Any] = {}
        while count is None or len(found) < count:
            if count is None and self.peek() == "}":
                self.take(1)
                break
            name = self._text()
            found[name] = self.value(kind or self.marker(), depth)
        return found
