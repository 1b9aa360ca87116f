"""Raw rows to features some hundred at a time, column by column: what a large request takes, without pyarrow.

Bit for bit what `inference.rows` makes of each row. Whatever is out of the ordinary in a block (an unknown column, text
where a number belongs, a row of another width) sends its rows through `RowTransform` one by one, which says what is
wrong with which; the same happens to models that have kinds of columns unknown here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.cells import cell_level, cell_text, is_missing, parse_number
from inference.columns import Categorical, FeaturesError, Ignored, Numeric, numbers_among
from inference.formats.table import RequestError
from inference.rows import RowTransform

FEWEST = 8
"""Rows below which one by one is faster."""


class BlockTransform:
    """Turns blocks of raw rows into features. Built once from a `RowTransform`."""

    def __init__(self, transform: RowTransform) -> None:
        self._one = transform
        features = transform.features
        self._missing = features.missing
        self._missing_numbers = numbers_among(features.missing)
        self._names = features.names
        self._width = sum(len(column.features()) for column in features.columns)
        self._known = all(isinstance(column, Numeric | Categorical | Ignored) for column in features.columns)

    def matrix(self, rows: Sequence[Any], names: Sequence[str] | None, first: int) -> NDArray[np.float32]:
        """Features of a block, (rows, features). `first` is the number of its first row in the request, from 1.

        Raises RequestError with the first row that cannot be used.
        """
        if self._known and len(rows) >= FEWEST:
            try:
                return self._block(self._columns(rows, names))
            except (FeaturesError, TypeError, ValueError, OverflowError):
                pass  # One by one, the row that is at fault is found.
        return np.array([self._row(row, names, number) for number, row in enumerate(rows, first)], dtype=np.float32)

    def _row(self, row: Any, names: Sequence[str] | None, number: int) -> list[float]:
        try:
            if names is not None:
                return self._one.record(dict(zip(names, row, strict=True)))
            if isinstance(row, dict):
                return self._one.record(row)
            if isinstance(row, list | tuple):
                return self._one.values(row)
        except FeaturesError as error:
            raise RequestError(f"row {number}: {error}") from error
        raise RequestError(f"row {number} is neither a list of cells nor an object by column names.")

    def _columns(self, rows: Sequence[Any], names: Sequence[str] | None) -> list[Sequence[Any] | None]:
        """The cells of each of the model's columns; ValueError where the rows are not all alike."""
        if names is None and isinstance(rows[0], dict):
            names = tuple(rows[0])
            alike = rows[0].keys()
            if any(row.__class__ is not dict or row.keys() != alike for row in rows):
                raise ValueError("rows by different names")
            rows = [list(map(row.__getitem__, names)) for row in rows]
        columns = list(zip(*rows, strict=True))
        if names is None:
            if len(columns) != len(self._names) or any(row.__class__ is dict for row in rows):
                raise ValueError("rows of another width")
            return list(columns)
        self._one.record(dict(zip(names, rows[0], strict=True)))  # Knows which columns may and must be there.
        by_name = dict(zip(names, columns, strict=True))
        return [by_name.get(name) for name in self._names]

    def _block(self, columns: Sequence[Sequence[Any] | None]) -> NDArray[np.float32]:
        rows = next(len(cells) for cells in columns if cells is not None)
        out = np.zeros((rows, self._width), dtype=np.float32)
        position = 0
        for column, cells in zip(self._one.features.columns, columns, strict=True):
            width = len(column.features())
            if isinstance(column, Numeric) and cells is not None:
                self._numeric(column, cells, out[:, position : position + width])
            elif isinstance(column, Categorical) and cells is not None:
                self._categorical(column, cells, out[:, position : position + width])
            position += width
        return out

    def _numeric(self, column: Numeric, cells: Sequence[Any], out: NDArray[np.float32]) -> None:
        try:
            values = np.array(list(map(float, cells)))
            plain = bool(np.isfinite(values).all()) and not any("_" in c for c in cells if c.__class__ is str)
        except (TypeError, ValueError, OverflowError):
            plain = False
        if not plain:
            values = np.array([self._number(cell, column) for cell in cells])
        for number in self._missing_numbers:
            values[values == number] = np.nan
        gaps = np.isnan(values)
        values[gaps] = column.median
        values[values < column.low] = column.low
        values[values > column.high] = column.high
        out[:, 0] = (values - column.mean) / column.deviation
        if column.indicator:
            out[:, 1] = gaps

    def _number(self, cell: Any, column: Numeric) -> float:
        """The number in a cell, NaN where it holds none; FeaturesError where it holds something else."""
        try:
            value = float(cell)
            if value - value == 0.0 and (cell.__class__ is not str or parse_number(cell) is not None):
                return value
        except (TypeError, ValueError, OverflowError):
            pass
        if not is_missing(cell, self._missing) and cell_text(cell) not in column.also_missing:
            raise FeaturesError("text where a number belongs")
        return np.nan

    def _categorical(self, column: Categorical, cells: Sequence[Any], out: NDArray[np.float32]) -> None:
        places, other, missing = column.slots()
        slots = [places.get(cell) if cell.__class__ is str else None for cell in cells]
        if None in slots:
            found = [self._slot(c, places, other, missing) if s is None else s for c, s in zip(cells, slots, strict=True)]
        else:
            found = slots  # type: ignore[assignment]  # none of them is None
        chosen = np.array(found, dtype=np.int64)
        filled = np.flatnonzero(chosen >= 0)
        out[filled, chosen[filled]] = 1.0

    def _slot(self, cell: Any, places: dict[str, int], other: int, missing: int) -> int:
        if is_missing(cell, self._missing):
            return missing
        if isinstance(cell, list | dict):
            raise FeaturesError("a list where one value belongs")
        return places.get(cell_level(cell), other)
