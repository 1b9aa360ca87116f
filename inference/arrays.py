"""Columns of cells to numbers, moments and texts, many rows at a time.

Columns are Arrow arrays as the table reader gives them: text as it stands, or Parquet's native types. What a cell
means is asked once per distinct text, of the same functions that the row path asks.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.cells import cell_number, cell_text, is_missing
from inference.columns import numbers_among
from inference.dates import FIRST, LAST, cell_moment

Array = Any
"""A pyarrow.Array; pyarrow is loaded only where one is at hand."""

MISSING_CODE = -1
_TRIED = (16, 1_024)
"""First cells that are read to see whether a text column holds numbers, before all of it is."""


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

    if not (pa.types.is_string(array.type) or pa.types.is_large_string(array.type)):
        return None
    for with_gaps in (_as_it_is, _empty_as_null, partial(_missing_as_null, tokens=tokens)):
        try:
            for few in _TRIED:
                cast_to_floats(with_gaps(array.slice(0, few)))
            values = _floats(cast_to_floats(with_gaps(array)))
            break
        except pa.ArrowInvalid:
            continue
    else:
        return None
    # Arrow reads more spellings of infinity and NaN than there are tokens: whether they are missing is asked by cell.
    return values if np.isfinite(values).all() or not _strange(values, array, tokens) else None


def _as_it_is(array: Array) -> Array:
    return array


def _empty_as_null(array: Array) -> Array:
    """A text column with null where a cell is empty: how most tables write a gap, and found soonest."""
    import pyarrow.compute as pc  # noqa: PLC0415

    return pc.if_else(pc.equal(pc.binary_length(array), 0), None, array)


def _missing_as_null(array: Array, tokens: frozenset[str]) -> Array:
    """A text column without white space around its cells, and with null where one is missing."""
    import pyarrow.compute as pc  # noqa: PLC0415

    plain = pc.utf8_trim_whitespace(array)
    return pc.if_else(pc.is_in(plain, value_set=_value_set(tokens, plain.type)), None, plain)


def cast_to_floats(array: Array) -> Array:
    """The numbers in a text column, by Arrow's own parser; raises ArrowInvalid where a cell is none."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415

    # Arrow goes on to the last cell and words an error for each that is no number: a few cells say so sooner.
    for few in _TRIED:
        if few < len(array):
            pc.cast(array.slice(0, few), pa.float64())
    return pc.cast(array, pa.float64())


def _floats(array: Array) -> NDArray[np.float64]:
    """The numbers of a float array, NaN where it is null."""
    return np.array(array.to_numpy(zero_copy_only=False), dtype=np.float64)


def _strange(values: NDArray[np.float64], array: Array, tokens: frozenset[str]) -> bool:
    """Whether a cell that is no finite number is anything but null or one of the tokens; clears infinities."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415

    odd = np.flatnonzero(~np.isfinite(values))
    values[odd] = np.nan
    cells = pc.utf8_trim_whitespace(pc.drop_null(array.take(pa.array(odd))))
    return not pc.all(pc.is_in(cells, value_set=_value_set(tokens, array.type)), min_count=0).as_py()


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


def _encode(array: Array) -> tuple[NDArray[np.int64], list[Any]]:
    """Codes of the distinct cells and the cells; null has the code -1, one past the end of a table from the back."""
    import pyarrow as pa  # noqa: PLC0415

    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    indices = encoded.indices.fill_null(MISSING_CODE) if encoded.indices.null_count else encoded.indices
    codes = indices.to_numpy(zero_copy_only=False).astype(np.int64)
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
