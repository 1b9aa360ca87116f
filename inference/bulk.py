"""Raw columns to features many rows at a time, bit for bit what `inference.rows` makes of each row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.arrays import Array, moments, numbers, texts
from inference.columns import Categorical, Dates, Encoded, FeaturesError, Numeric
from inference.features import Features

_FEW = 4
"""Levels below which comparing with each is faster than writing where each belongs."""


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
