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

from inference.cells import cell_text, is_missing, parse_number
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
        self._names = features.names
        self._known = all(
            isinstance(column, Categorical | Ignored) or (isinstance(column, Numeric) and not column.decimal)
            for column in features.columns
        )
        self._plans: list[_NumericPlan | _CategoricalPlan | None] = []
        self._width = 0
        for column in features.columns:
            plan: _NumericPlan | _CategoricalPlan | None = None
            if isinstance(column, Numeric):
                plan = _NumericPlan(column, self._width, features.missing)
            elif isinstance(column, Categorical):
                plan = _CategoricalPlan(column, self._width, features.missing)
            self._plans.append(plan)
            self._width += len(column.features())

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
        for plan, cells in zip(self._plans, columns, strict=True):
            if plan is not None and cells is not None:
                plan.fill(cells, out)
        return out


class _NumericPlan:
    """Fills the features of one numeric column."""

    def __init__(self, column: Numeric, position: int, missing: frozenset[str]) -> None:
        self._column = column
        self._position = position
        self._missing = missing
        self._missing_numbers = numbers_among(missing)
        # Cells that hold no number as they stand; others may once they are looked at closely.
        self._gaps: frozenset[object] = missing.union(column.also_missing, [None])

    def fill(self, cells: Sequence[Any], out: NDArray[np.float32]) -> None:
        column = self._column
        values = self._values(cells)
        for number in self._missing_numbers:
            values[values == number] = np.nan
        gaps = np.isnan(values)
        values[gaps] = column.median
        values[values < column.low] = column.low
        values[values > column.high] = column.high
        out[:, self._position] = (values - column.mean) / column.deviation
        if column.indicator:
            out[:, self._position + 1] = gaps

    def _values(self, cells: Sequence[Any]) -> NDArray[np.float64]:
        """The numbers in a column's cells, NaN for gaps; FeaturesError where a cell holds something else."""
        known, nan = self._gaps, np.nan
        try:
            values = np.array([nan if cell in known else float(cell) for cell in cells])
            if not self._strange(cells, values):
                return values
        except (TypeError, ValueError, OverflowError):
            pass
        return np.array([self._number(cell) for cell in cells])

    def _strange(self, cells: Sequence[Any], values: NDArray[np.float64]) -> bool:
        """Whether Python may have read a number where this project reads none (`1_0`, `1e999`, `nAn`)."""
        if not np.isfinite(values).all() and any(
            cells[place] not in self._gaps for place in np.flatnonzero(~np.isfinite(values)).tolist()
        ):
            return True
        try:
            return "_" in "".join(cells)
        except TypeError:
            return any("_" in cell for cell in cells if cell.__class__ is str)

    def _number(self, cell: Any) -> float:
        try:
            value = float(cell)
            if value - value == 0.0 and (cell.__class__ is not str or parse_number(cell) is not None):
                return value
        except (TypeError, ValueError, OverflowError):
            pass
        if not is_missing(cell, self._missing) and cell_text(cell) not in self._column.also_missing:
            raise FeaturesError("text where a number belongs")
        return np.nan


class _CategoricalPlan:
    """Fills the features of one categorical column."""

    def __init__(self, column: Categorical, position: int, missing: frozenset[str]) -> None:
        self._position = position
        self._missing = missing
        self._spell = column.spell
        self._places, self._other, self._gap = column.slots()
        # Cells whose place needs no thought; None is not among its values.
        self._known: dict[object, int] = dict.fromkeys([*missing, None], self._gap)
        if not column.hashed:
            self._known.update(self._places)

    def fill(self, cells: Sequence[Any], out: NDArray[np.float32]) -> None:
        slots = list(map(self._known.get, cells))
        if None in slots:
            slots = [self._slot(cell) if slot is None else slot for cell, slot in zip(cells, slots, strict=True)]
        chosen = np.array(slots, dtype=np.int64)
        filled = np.flatnonzero(chosen >= 0)
        out[filled, chosen[filled] + self._position] = 1.0

    def _slot(self, cell: Any) -> int:
        if is_missing(cell, self._missing):
            return self._gap
        if isinstance(cell, list | dict):
            raise FeaturesError("a list where one value belongs")
        return self._places.get(self._spell(cell), self._other)
