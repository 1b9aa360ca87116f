"""One raw row to features in plain Python: the path of an endpoint, bit for bit what `inference.bulk` makes."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from inference.cells import cell_number, cell_text, is_missing, parse_number
from inference.columns import Categorical, Dates, Encoded, FeaturesError, Numeric, numbers_among
from inference.dates import cell_moment, parts_of
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
        self._categorical: list[tuple[int, int, Categorical, dict[str, int], int, int]] = []
        self._others: list[tuple[int, int, Callable[[Any], list[float]]]] = []
        position = 0
        for column in features.columns:
            place = self._places[column.name]
            if isinstance(column, Numeric):
                if column.decimal:
                    self._others.append((place, position, partial(self._written, column)))
                else:
                    scale = (column.low, column.high, column.mean, column.deviation)
                    self._numeric.append((place, position, column, *scale))
            elif isinstance(column, Categorical) and column.hashed:
                self._others.append((place, position, partial(self._hashed, column, *column.slots())))
            elif isinstance(column, Categorical):
                self._categorical.append((place, position, column, *column.slots()))
            elif isinstance(column, Encoded):
                table = dict(zip(column.levels, map(list, column.values), strict=True))
                self._others.append((place, position, partial(self._encoded, column, table)))
            elif isinstance(column, Dates):
                self._others.append((place, position, partial(self._date, column)))
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
        for place, position, kind, places, other, missing in self._categorical:
            cell = row[place]
            slot = places.get(cell) if cell.__class__ is str else None
            if slot is None:
                slot = self._slot(cell, kind, places, other, missing)
            if slot != _NO_SLOT:
                out[position + slot] = 1.0
        for place, position, make in self._others:
            found = make(row[place])
            out[position : position + len(found)] = found
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

    def _slot(self, cell: Any, column: Categorical, places: dict[str, int], other: int, missing: int) -> int:
        level = self._level(cell, column)
        return missing if level is None else places.get(level, other)

    def _level(self, cell: Any, column: Categorical | Encoded) -> str | None:
        if is_missing(cell, self.features.missing):
            return None
        if isinstance(cell, list | dict):
            raise FeaturesError(f"a cell holds {str(cell)[:40]!r}, where one value belongs.")
        return column.spell(cell)

    def _hashed(self, column: Categorical, places: dict[str, int], other: int, missing: int, cell: Any) -> list[float]:
        """A category whose levels are digests: no cell is one of them as it stands."""
        found = [0.0] * len(column.features())
        slot = self._slot(cell, column, places, other, missing)
        if slot != _NO_SLOT:
            found[slot] = 1.0
        return found

    def _encoded(self, column: Encoded, table: dict[str, list[float]], cell: Any) -> list[float]:
        level = self._level(cell, column)
        return list(column.absent if level is None else table.get(level, column.other))

    def _written(self, column: Numeric, cell: Any) -> list[float]:
        """A number as people write it, with what stands beside it where training had gaps."""
        number = None if is_missing(cell, self.features.missing) else cell_number(cell, column.decimal)
        if number is None and not self._is_gap(cell, column.also_missing):
            raise FeaturesError(f"column {column.name} takes numbers, and {str(cell)[:40]!r} is none.")
        gap = number is None or number in self._missing_numbers
        value = min(max(column.median if number is None or gap else number, column.low), column.high)
        return [(value - column.mean) / column.deviation, *([float(gap)] if column.indicator else [])]

    def _date(self, column: Dates, cell: Any) -> list[float]:
        moment = None if is_missing(cell, self.features.missing) else cell_moment(cell, column.day_first)
        if moment is None and not self._is_gap(cell, column.also_missing):
            raise FeaturesError(f"column {column.name} takes dates, and {str(cell)[:40]!r} is none.")
        parts = column.medians if moment is None else parts_of(moment, column.parts)
        scales = zip(parts, column.lows, column.highs, column.means, column.deviations, strict=True)
        found = [(min(max(part, low), high) - mean) / deviation for part, low, high, mean, deviation in scales]
        return [*found, float(moment is None)] if column.indicator else found

    def _is_gap(self, cell: Any, also_missing: tuple[str, ...]) -> bool:
        return is_missing(cell, self.features.missing) or cell_text(cell) in also_missing


def _some(names: Sequence[str], most: int = 8) -> str:
    shown = ", ".join(names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown
