"""One raw row to features in plain Python: the path of an endpoint, bit for bit what `inference.bulk` makes."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from typing import Any

from inference.cells import cell_level, cell_text, is_missing, parse_number
from inference.columns import Categorical, FeaturesError, Numeric, numbers_among
from inference.features import Features

_NO_SLOT = -1


class RowTransform:
    """Turns raw rows into feature values. Built once from `Features`, then called per row."""

    def __init__(self, features: Features) -> None:
        self.features = features
        self.width = len(features.columns)
        self._names = features.names
        self._known = frozenset([*features.names, features.target])
        self._needed = [column.name for column in features.used]
        self._places = {name: place for place, name in enumerate(self._names)}
        self._missing_numbers = numbers_among(features.missing)
        self._numeric: list[tuple[int, int, Numeric, float, float, float, float]] = []
        self._categorical: list[tuple[int, int, dict[str, int], int, int]] = []
        position = 0
        for column in features.columns:
            place = self._places[column.name]
            if isinstance(column, Numeric):
                scale = (column.low, column.high, column.mean, column.deviation)
                self._numeric.append((place, position, column, *scale))
            elif isinstance(column, Categorical):
                self._categorical.append((place, position, *column.slots()))
            position += len(column.features())
        self._zeros = [0.0] * position

    def values(self, row: Sequence[Any]) -> list[float]:
        """Features of a row given by position: one cell for each of `Features.names`.

        Every value is exact in 32 bits. Raises FeaturesError for another width, or for text where a number belongs.
        """
        if len(row) != self.width:
            raise FeaturesError(f"a row has {len(row)} cells where the model takes {self.width}: {_some(self._names)}.")
        out = self._zeros[:]
        checked = self._missing_numbers
        for place, position, column, low, high, mean, deviation in self._numeric:
            cell = row[place]
            try:
                value = float(cell)
            except (TypeError, ValueError, OverflowError):
                value = self._no_number(cell, column, out, position)
            if not low <= value <= high or checked or (cell.__class__ is str and "_" in cell):
                value = self._bounded(cell, value, column, out, position)
            out[position] = (value - mean) / deviation
        for place, position, places, other, missing in self._categorical:
            cell = row[place]
            slot = places.get(cell) if cell.__class__ is str else None
            if slot is None:
                slot = self._slot(cell, places, other, missing)
            if slot != _NO_SLOT:
                out[position + slot] = 1.0
        return array("f", out).tolist()

    def record(self, row: Mapping[str, Any]) -> list[float]:
        """Features of a row given by column names. Ignored columns may be left out, the target may be there.

        Raises FeaturesError for a column that is not there or that the model does not know.
        """
        if not row.keys() <= self._known:
            unknown = sorted(str(name) for name in row.keys() - self._known)
            raise FeaturesError(f"the model does not know the columns {_some(unknown)}; it takes {_some(self._names)}.")
        absent = [name for name in self._needed if name not in row]
        if absent:
            raise FeaturesError(f"a row lacks the columns {_some(absent)}; give null where a value is missing.")
        return self.values([row.get(name) for name in self._names])

    def _no_number(self, cell: Any, column: Numeric, out: list[float], position: int) -> float:
        if not is_missing(cell, self.features.missing) and cell_text(cell) not in column.also_missing:
            raise FeaturesError(f"column {column.name} takes numbers, and {str(cell)[:40]!r} is none.")
        return self._gap(column, out, position)

    def _bounded(self, cell: Any, value: float, column: Numeric, out: list[float], position: int) -> float:
        """The slow path: a number out of bounds, no finite number, a spelling only Python accepts, a missing number."""
        if value - value != 0.0 or (isinstance(cell, str) and parse_number(cell) is None):
            return self._no_number(cell, column, out, position)
        if value in self._missing_numbers:
            return self._gap(column, out, position)
        return min(max(value, column.low), column.high)

    @staticmethod
    def _gap(column: Numeric, out: list[float], position: int) -> float:
        if column.indicator:
            out[position + 1] = 1.0
        return min(max(column.median, column.low), column.high)

    def _slot(self, cell: Any, places: dict[str, int], other: int, missing: int) -> int:
        if is_missing(cell, self.features.missing):
            return missing
        if isinstance(cell, list | dict):
            raise FeaturesError(f"a cell holds {str(cell)[:40]!r}, where one value belongs.")
        return places.get(cell_level(cell), other)


def _some(names: Sequence[str], most: int = 8) -> str:
    shown = ", ".join(names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown
