"""What the cells of an Arrow array mean, many at a time; the meaning itself is that of `inference.cells`."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import compute

from inference.arrays import cast_to_floats
from inference.cells import cell_text, parse_number


def plain(array: pa.Array) -> pa.Array:
    """Return text without surrounding white space, numbers and times as they are."""
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    return compute.utf8_trim_whitespace(array) if is_text(array) else array


def is_text(array: pa.Array) -> bool:
    """Say whether the cells are strings."""
    return bool(pa.types.is_string(array.type) or pa.types.is_large_string(array.type))


def holds_texts(array: pa.Array) -> bool:
    """Say whether the cells are strings, or codes of strings."""
    if pa.types.is_dictionary(array.type):
        return is_text(array.dictionary)
    return is_text(array)


def present(array: pa.Array, tokens: frozenset[str], numeric_tokens: frozenset[float]) -> pa.Array:
    """Return the cells of a plain array that hold a value."""
    if is_text(array):
        absent = compute.is_in(array, value_set=value_set(tokens, array.type))
        if not array.null_count and not compute.any(absent).as_py():
            return array
        return array.filter(compute.and_(array.is_valid(), compute.invert(absent)))
    if pa.types.is_floating(array.type):
        array = array.filter(compute.fill_null(compute.is_finite(array), False))
    else:
        array = array.drop_null()
    if numeric_tokens and _is_number(array):
        values = array.to_numpy(zero_copy_only=False).astype(np.float64)
        array = array.filter(pa.array(~np.isin(values, list(numeric_tokens))))
    return array


@cache
def value_set(tokens: frozenset[str], kind: Any) -> Any:
    """Return the tokens as an array of a type of text."""
    return pa.array(sorted(tokens), kind)


def _is_number(array: pa.Array) -> bool:
    return bool(pa.types.is_integer(array.type) or pa.types.is_floating(array.type))


def numbers(array: pa.Array) -> NDArray[np.float64]:
    """Return the number in each present cell, NaN where there is none; true is 1, a date has no number."""
    if _is_number(array):
        return np.asarray(array.to_numpy(zero_copy_only=False), dtype=np.float64)
    if pa.types.is_boolean(array.type):
        return np.asarray(array.cast(pa.int8()).to_numpy(zero_copy_only=False), dtype=np.float64)
    if not is_text(array):
        return np.full(len(array), np.nan)
    try:
        values = np.array(cast_to_floats(array).to_numpy(zero_copy_only=False))
        values[~np.isfinite(values)] = np.nan
        return values
    except pa.ArrowInvalid:
        encoded = array.dictionary_encode()
        table = np.array([number_or_nan(text) for text in encoded.dictionary.to_pylist()], dtype=np.float64)
        return np.asarray(table[encoded.indices.to_numpy(zero_copy_only=False)])


def number_or_nan(text: str) -> float:
    """Return the number that a text spells, NaN when it spells none."""
    value = parse_number(text)
    return float("nan") if value is None else value


def texts(values: Iterable[object]) -> list[str]:
    """Return the texts by which cells are known as categories."""
    return [value if isinstance(value, str) else cell_text(value) for value in values]
