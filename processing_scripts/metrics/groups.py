"""Groups of test rows by a column's raw cells: the levels of a category, or four of about one size of a number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.cells import cell_level, cell_number, is_missing
from inference.columns import Numeric
from inference.features import Features

MOST_LEVELS = 12
"""Levels that are groups of their own; rarer ones are one group together."""
QUARTERS = 4
_FEW_NUMBERS = 6
"""A number with so many values or fewer is a code, such as a class of 1 to 3: each value is a group."""
OTHERS, MISSING = "all others", "missing"


@dataclass(frozen=True)
class Group:
    """Rows that have something in common: the name of it, and where they are, (n,)."""

    name: str
    rows: NDArray[np.bool_]


def groups_of(name: str, rows: Sequence[Mapping[str, Any]], features: Features) -> list[Group]:
    """Return the groups of a raw column, read as it was when the features were fitted; masked where it is personal."""
    column = next((each for each in features.columns if each.name == name), None)
    decimal = column.decimal if isinstance(column, Numeric) else ""
    missing = features.missing.union(column.also_missing if isinstance(column, Numeric) else ())
    return groups([row.get(name) for row in rows], missing, decimal, masked=name in features.personal)


def groups(cells: Sequence[Any], missing: Collection[str], decimal: str = "", *, masked: bool = False) -> list[Group]:
    """Return the groups of a column's cells, (n,), each row in one; `masked` numbers levels instead of naming them.

    `decimal` says how numbers are written, as for `inference.cells.parse_written`.
    """
    absent = np.array([is_missing(cell, frozenset(missing)) for cell in cells], dtype=bool)
    numbers = [None if gone else cell_number(cell, decimal) for cell, gone in zip(cells, absent, strict=True)]
    present = [value for value, gone in zip(numbers, absent, strict=True) if not gone]
    if all(value is not None for value in present) and len(set(present)) > _FEW_NUMBERS:
        values = np.array([np.nan if value is None else value for value in numbers], dtype=np.float64)
        found = _quarters(values, masked=masked)
    else:
        found = _levels(["" if gone else cell_level(cell) for cell, gone in zip(cells, absent, strict=True)], absent)
        if masked:
            found = [Group(f"group {place}", each.rows) for place, each in enumerate(found, start=1)]
    return [*found, *([Group(MISSING, absent)] if absent.any() else [])]


def _quarters(values: NDArray[np.float64], *, masked: bool) -> list[Group]:
    present = values[~np.isnan(values)]
    inner = np.unique(np.quantile(present, np.linspace(0, 1, QUARTERS + 1)[1:-1]))
    place = np.searchsorted(inner, values, side="left")
    found = []
    for number in range(len(inner) + 1):
        rows = (place == number) & ~np.isnan(values)
        if rows.any():
            own = values[rows]
            found.append(Group(f"part {number + 1}" if masked else _span(own.min(), own.max()), rows))
    return found


def _levels(levels: Sequence[str], absent: NDArray[np.bool_]) -> list[Group]:
    """The most frequent level first; of several with as many rows, by name."""
    counts = Counter(level for level, gone in zip(levels, absent, strict=True) if not gone)
    ranked = sorted(counts, key=lambda level: (-counts[level], level))
    # One level alone in the group of the others would have its name for nothing.
    kept = ranked if len(ranked) <= MOST_LEVELS + 1 else ranked[:MOST_LEVELS]
    texts = np.array(levels, dtype=object)
    found = [Group(level, np.asarray((texts == level) & ~absent)) for level in kept]
    if len(kept) < len(ranked):
        known = set(kept)
        rest = np.array([level not in known for level in levels], dtype=bool) & ~absent
        found.append(Group(OTHERS, rest))
    return found


def _span(low: float, high: float) -> str:
    return f"{low:,.6g}" if low == high else f"{low:,.6g} to {high:,.6g}"
