"""Raw columns to features many rows at a time, bit for bit what `inference.rows` makes of each row.

Columns are Arrow arrays as the table reader gives them: text as it stands, or Parquet's native types. What a cell
means is asked once per distinct text, of the same functions that the row path asks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.cells import cell_number, cell_text, is_missing
from inference.columns import Categorical, Dates, Encoded, FeaturesError, Numeric, numbers_among
from inference.dates import FIRST, LAST, cell_moment
from inference.features import Features

Array = Any
"""A pyarrow.Array; pyarrow is loaded only where one is at hand."""

MISSING_CODE = -1
_FEW = 4
"""Levels below which comparing with each is faster than writing where each belongs."""


def numbers(array: Array, tokens: frozenset[str], decimal: str = "") -> tuple[NDArray[np.float64], frozenset[str]]:
    """The numbers in a column, NaN where a cell is missing, and the texts in it that are neither (NaN as well).

    `decimal` says how texts are written, as for `inference.cells.parse_written`; empty for plain numbers.
    """
    if (not decimal or _is_number(array.type)) and (plain := plain_numbers(array, tokens)) is not None:
        return plain, frozenset()
    values, strays = _by_cell(array, tokens, lambda cell: cell_number(cell, decimal))
    _clear(values, tokens)
    return values, strays


def plain_numbers(array: Array, tokens: frozenset[str]) -> NDArray[np.float64] | None:
    """The numbers in a column of nothing but plain ones, NaN where a cell is missing; None for any other column."""
    if _is_number(array.type):
        values = _floats(array)
        values[~np.isfinite(values)] = np.nan
    elif (cast := _cast(array, tokens)) is not None:
        values = cast
    else:
        return None
    _clear(values, tokens)
    return values


def _is_number(kind: Any) -> bool:
    import pyarrow as pa  # noqa: PLC0415 - only jobs have Arrow data

    return bool(pa.types.is_integer(kind) or pa.types.is_float32(kind) or pa.types.is_float64(kind))


def _clear(values: NDArray[np.float64], tokens: frozenset[str]) -> None:
    for number in numbers_among(tokens):
        values[values == number] = np.nan


def _cast(array: Array, tokens: frozenset[str]) -> NDArray[np.float64] | None:
    """A text column through Arrow's own parser where every cell is a plain number or missing; None where one is not."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415

    if not (pa.types.is_string(array.type) or pa.types.is_large_string(array.type)):
        return None
    plain = array
    try:
        values = _floats(pc.cast(array, pa.float64()))
    except pa.ArrowInvalid:
        plain = pc.utf8_trim_whitespace(array)
        gaps = pc.is_in(plain, value_set=_value_set(tokens, plain.type))
        try:
            values = _floats(pc.cast(pc.if_else(gaps, None, plain), pa.float64()))
        except pa.ArrowInvalid:
            return None
    # Arrow reads more spellings of infinity and NaN than there are tokens: whether they are missing is asked by cell.
    return values if np.isfinite(values).all() or not _strange(values, plain, tokens) else None


def _floats(array: Array) -> NDArray[np.float64]:
    """The numbers of a float array, NaN where it is null."""
    return np.array(array.to_numpy(zero_copy_only=False), dtype=np.float64)


def _strange(values: NDArray[np.float64], plain: Array, tokens: frozenset[str]) -> bool:
    """Whether a cell that is no finite number is anything but null or one of the tokens; clears infinities."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415

    odd = np.flatnonzero(~np.isfinite(values))
    values[odd] = np.nan
    cells = pc.utf8_trim_whitespace(pc.drop_null(plain.take(pa.array(odd))))
    return not pc.all(pc.is_in(cells, value_set=_value_set(tokens, plain.type)), min_count=0).as_py()


@cache
def _value_set(tokens: frozenset[str], kind: Any) -> Array:
    import pyarrow as pa  # noqa: PLC0415

    return pa.array(sorted(tokens), kind)


def _by_cell(
    array: Array, tokens: frozenset[str], read: Callable[[Any], float | None]
) -> tuple[NDArray[np.float64], frozenset[str]]:
    """What `read` makes of each distinct cell, NaN where it is missing; and the texts that it makes nothing of."""
    codes, uniques = _encode(array)
    table = np.full(len(uniques) + 1, np.nan)
    strays = set()
    for place, cell in enumerate(uniques):
        number = read(cell)
        if number is not None:
            table[place] = number
        elif not is_missing(cell, tokens):
            strays.add(cell_text(cell))
    return table[codes], frozenset(strays)


_PER_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}


def moments(array: Array, tokens: frozenset[str], day_first: bool | None) -> tuple[NDArray[np.float64], frozenset[str]]:
    """The seconds since 1970 in a column of dates, NaN where a cell is missing, and the texts that are neither."""
    import pyarrow as pa  # noqa: PLC0415

    if pa.types.is_date(array.type):
        array = array.cast(pa.timestamp("s"))
    if not pa.types.is_timestamp(array.type):
        return _by_cell(array, tokens, lambda cell: cell_moment(cell, day_first))
    ticks = array.cast(pa.int64())
    seconds = (_ints(ticks) // _PER_SECOND[array.type.unit]).astype(np.float64)
    seconds[np.asarray(array.is_null().to_numpy(zero_copy_only=False))] = np.nan
    with np.errstate(invalid="ignore"):
        seconds[(seconds < FIRST) | (seconds > LAST)] = np.nan
    return seconds, frozenset()


def _ints(array: Array) -> NDArray[np.int64]:
    return np.asarray(array.fill_null(0).to_numpy(zero_copy_only=False), dtype=np.int64)


def date_parts(seconds: NDArray[np.float64], part: str) -> NDArray[np.float64]:
    """One part of each moment (none of them NaN): the same as `inference.dates.parts_of` makes of one."""
    if part == "days":
        return seconds / 86_400
    days = np.floor_divide(seconds, 86_400).astype(np.int64)
    if part == "hour":
        return np.asarray(seconds % 86_400 // 3600)
    if part == "weekday":
        return np.asarray((days + 3) % 7, dtype=np.float64)
    dates = days.astype("datetime64[D]")
    if part == "year":
        return dates.astype("datetime64[Y]").astype(np.float64) + 1970
    months = dates.astype("datetime64[M]")
    if part == "month":
        return np.asarray(months.astype(np.int64) % 12 + 1, dtype=np.float64)
    return np.asarray((dates - months.astype("datetime64[D]")).astype(np.int64) + 1, dtype=np.float64)


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
            self._fill(column, columns[column.name], part)
            position += part.shape[1]
        return out

    def _fill(self, column: Any, array: Array, out: NDArray[np.float32]) -> None:
        if isinstance(column, Numeric):
            values, strays = numbers(array, self.features.missing, column.decimal)
            _refuse(column, strays, "numbers")
            fill_numeric(column, values, out)
        elif isinstance(column, Dates):
            seconds, strays = moments(array, self.features.missing, column.day_first)
            _refuse(column, strays, "dates")
            fill_dates(column, seconds, out)
        elif isinstance(column, Categorical | Encoded):
            codes, levels = texts(array, self.features.missing, column.spell)
            fill_levels(column, codes, level_table(column, levels), out)


def _refuse(column: Numeric | Dates, strays: frozenset[str], what: str) -> None:
    wrong = sorted(strays.difference(column.also_missing))
    if wrong:
        raise FeaturesError(f"column {column.name} takes {what}, and {wrong[0][:40]!r} is none.")


def fill_numeric(column: Numeric, values: NDArray[np.float64], out: NDArray[np.float32]) -> None:
    """Write the features of numbers, NaN for a missing one; `values` are written over."""
    gaps = np.isnan(values)
    values[gaps] = column.median
    np.clip(values, column.low, column.high, out=values)
    out[:, 0] = (values - column.mean) / column.deviation
    if column.indicator:
        out[:, 1] = gaps


def fill_dates(column: Dates, seconds: NDArray[np.float64], out: NDArray[np.float32]) -> None:
    """Write the features of moments, NaN for a missing one."""
    gaps = np.isnan(seconds)
    there = np.where(gaps, 0.0, seconds)
    for place, part in enumerate(column.parts):
        values = np.where(gaps, column.medians[place], date_parts(there, part))
        np.clip(values, column.lows[place], column.highs[place], out=values)
        out[:, place] = (values - column.means[place]) / column.deviations[place]
    if column.indicator:
        out[:, -1] = gaps


def level_table(column: Categorical | Encoded, levels: Sequence[str]) -> NDArray[Any]:
    """What the codes of a column's cells stand for, that of a missing cell (-1) at the end.

    The place of the feature that is 1, -1 for none, or of an encoded column its numbers.
    """
    if isinstance(column, Encoded):
        known = dict(zip(column.levels, column.values, strict=True))
        return np.array([*(known.get(level, column.other) for level in levels), column.absent], dtype=np.float64)
    places, other, missing = column.slots()
    return np.array([*(places.get(level, other) for level in levels), missing], dtype=np.int64)


def fill_levels(
    column: Categorical | Encoded, codes: NDArray[np.int64], table: NDArray[Any], out: NDArray[np.float32]
) -> None:
    """Write the features of levels, given as codes into a `level_table`."""
    if isinstance(column, Encoded):
        for place in range(len(column.outputs)):
            out[:, place] = table[codes, place]
        return
    slots = table[codes]
    if len(out.T) < _FEW:
        for place in range(len(out.T)):
            out[:, place] = slots == place
        return
    filled = np.flatnonzero(slots >= 0)
    out[filled, slots[filled]] = 1.0
