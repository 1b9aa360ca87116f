"""Raw columns to features many rows at a time, bit for bit what `inference.rows` makes of each row.

Columns are Arrow arrays as the table reader gives them: text as it stands, or Parquet's native types. What a cell
means is asked once per distinct text, of the same functions that the row path asks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.cells import cell_level, cell_number, cell_text, is_missing
from inference.columns import Categorical, FeaturesError, Numeric, numbers_among
from inference.features import Features

Array = Any
"""A pyarrow.Array; pyarrow is loaded only where one is at hand."""

MISSING_CODE = -1


def numbers(array: Array, tokens: frozenset[str]) -> tuple[NDArray[np.float64], frozenset[str]]:
    """The numbers in a column, NaN where a cell is missing, and the texts in it that are neither (NaN as well)."""
    import pyarrow as pa  # noqa: PLC0415  # only jobs have Arrow data

    strays: frozenset[str] = frozenset()
    kind = array.type
    if pa.types.is_integer(kind) or pa.types.is_float32(kind) or pa.types.is_float64(kind):
        values = array.to_numpy(zero_copy_only=False).astype(np.float64)
        values[~np.isfinite(values)] = np.nan
    elif (cast := _cast(array)) is not None:
        values = cast
    else:
        values, strays = _numbers_by_text(array, tokens)
    for number in numbers_among(tokens):
        values[values == number] = np.nan
    return values, strays


def _cast(array: Array) -> NDArray[np.float64] | None:
    """A text column through Arrow's own parser where every cell is a plain number; None where one is not."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415

    if not (pa.types.is_string(array.type) or pa.types.is_large_string(array.type)) or array.null_count:
        return None
    try:
        values = pc.cast(pc.utf8_trim_whitespace(array), pa.float64()).to_numpy(zero_copy_only=False).copy()
    except pa.ArrowInvalid:
        return None
    return values if np.isfinite(values).all() else None


def _numbers_by_text(array: Array, tokens: frozenset[str]) -> tuple[NDArray[np.float64], frozenset[str]]:
    codes, uniques = _encode(array)
    table = np.full(len(uniques) + 1, np.nan)
    strays = set()
    for place, cell in enumerate(uniques):
        number = cell_number(cell)
        if number is not None:
            table[place] = number
        elif not is_missing(cell, tokens):
            strays.add(cell_text(cell))
    return table[codes], frozenset(strays)


def _encode(array: Array) -> tuple[NDArray[np.int64], list[Any]]:
    """Codes of the distinct cells and the cells; null has the code -1, one past the end of a table from the back."""
    import pyarrow as pa  # noqa: PLC0415

    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    codes = encoded.indices.fill_null(MISSING_CODE).to_numpy(zero_copy_only=False).astype(np.int64)
    return codes, encoded.dictionary.to_pylist()


def texts(
    array: Array, tokens: frozenset[str], spell: Callable[[object], str] = cell_text
) -> tuple[NDArray[np.int64], list[str]]:
    """Codes of the distinct texts in a column, as `spell` spells them, and the texts; -1 for a missing cell."""
    codes, uniques = _encode(array)
    places: dict[str, int] = {}
    table = np.full(len(uniques) + 1, MISSING_CODE)
    for place, cell in enumerate(uniques):
        if not is_missing(cell, tokens):
            table[place] = places.setdefault(spell(cell), len(places))
    return table[codes], list(places)


class BulkTransform:
    """Turns batches of raw columns into a matrix of features. Built once from `Features`."""

    def __init__(self, features: Features) -> None:
        self.features = features
        self.width = sum(len(column.features()) for column in features.columns)

    def matrix(self, columns: Mapping[str, Array], rows: int) -> NDArray[np.float32]:
        """Features of `rows` raw rows, (rows, width), each feature column contiguous.

        Raises FeaturesError for a column that is not there, or text where a number belongs.
        """
        out = np.zeros((rows, self.width), dtype=np.float32, order="F")
        position = 0
        for column in self.features.used:
            if column.name not in columns:
                raise FeaturesError(f"the rows lack the column {column.name}.")
            part = out[:, position : position + len(column.features())]
            if isinstance(column, Numeric):
                self._numeric(column, columns[column.name], part)
            elif isinstance(column, Categorical):
                self._categorical(column, columns[column.name], part)
            position += part.shape[1]
        return out

    def _numeric(self, column: Numeric, array: Array, out: NDArray[np.float32]) -> None:
        values, strays = numbers(array, self.features.missing)
        wrong = sorted(strays.difference(column.also_missing))
        if wrong:
            raise FeaturesError(f"column {column.name} takes numbers, and {wrong[0][:40]!r} is none.")
        gaps = np.isnan(values)
        values[gaps] = column.median
        np.clip(values, column.low, column.high, out=values)
        out[:, 0] = (values - column.mean) / column.deviation
        if column.indicator:
            out[:, 1] = gaps

    def _categorical(self, column: Categorical, array: Array, out: NDArray[np.float32]) -> None:
        codes, levels = texts(array, self.features.missing, cell_level)
        places, other, missing = column.slots()
        table = np.array([*(places.get(level, other) for level in levels), missing], dtype=np.int64)
        slots = table[codes]
        filled = np.flatnonzero(slots >= 0)
        out[filled, slots[filled]] = 1.0
