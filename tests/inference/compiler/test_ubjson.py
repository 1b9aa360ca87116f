from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from inference.compiler.ubjson import UBJSONError, loads


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b"i\xff", -1),
        (b"U\xff", 255),
        (b"I\x01\x00", 256),
        (b"l\x00\x01\x00\x00", 65536),
        (b"L" + (2**40).to_bytes(8, "big"), 2**40),
        (b"d\x3f\x80\x00\x00", 1.0),
        (b"D\x40\x00\x00\x00\x00\x00\x00\x00", 2.0),
        (b"Si\x03abc", "abc"),
        (b"Cx", "x"),
        (b"Z", None),
        (b"NT", True),
        (b"F", False),
        (b"[i\x01[]Si\x01a]", [1, [], "a"]),
        (b"[#i\x02TF", [True, False]),
        (b"{i\x01ai\x01i\x01b{}}", {"a": 1, "b": {}}),
        (b"{$i#i\x01i\x01a\x07", {"a": 7}),
    ],
)
def test_values_of_every_kind_are_read(data: bytes, value: Any) -> None:
    assert loads(data) == value


def test_arrays_of_numbers_come_as_arrays() -> None:
    found = loads(b"[$l#i\x02\x00\x00\x00\x01\x00\x00\x00\x02")
    assert isinstance(found, np.ndarray)
    assert (found.tolist(), found.dtype) == ([1, 2], np.dtype(np.int32))


@pytest.mark.parametrize(
    "data",
    [b"", b"?", b"[", b"Si\x05ab", b"[$l#i\x02\x00", b"[$l", b"{i\x01a", b"Sd\x3f\x80\x00\x00", b"Si\xff", b"[" * 200],
    ids=repr,
)  # fmt: skip
def test_what_is_no_ubjson_is_refused(data: bytes) -> None:
    with pytest.raises(UBJSONError):
        loads(data)
