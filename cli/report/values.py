"""Reading JSON that somebody else wrote: every accessor returns the asked-for kind of value, or nothing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any


def number(value: object) -> float | None:
    """Return a finite number as a float; booleans, text, NaN and infinities are not numbers to show."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        result = float(value)
    except OverflowError:
        return None
    return result if math.isfinite(result) else None


def numbers(value: object) -> list[float]:
    """Return the finite numbers of a list, the others left out."""
    return [found for item in items(value) if (found := number(item)) is not None]


def numbers_or_zero(value: object) -> list[float]:
    """Return the numbers of a list with zero for whatever is not a finite number; quick for long lists of numbers."""
    cells = items(value)
    try:
        quick = set(map(type, cells)) <= {int, float} and math.isfinite(math.fsum(cells))
    except (OverflowError, ValueError):  # an integer beyond floating point, or infinities of both signs
        quick = False
    return [float(cell) for cell in cells] if quick else [number(cell) or 0.0 for cell in cells]


def count(value: object) -> int | None:
    """Return a number of things: a finite number that is not negative, rounded down."""
    found = number(value)
    return None if found is None or found < 0 else int(found)


def text(value: object) -> str:
    """Return a string as it is, a plain value as its text, and nothing for anything nested."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, Mapping | list | tuple):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    try:
        return str(value)
    except ValueError:  # an integer with thousands of digits
        return ""


def items(value: object) -> list[Any]:
    """Return a list as it is, and an empty one for anything else."""
    return value if isinstance(value, list) else []


def mapping(value: object) -> Mapping[str, Any]:
    """Return an object as it is, and an empty one for anything else."""
    return value if isinstance(value, Mapping) else {}


def mappings(value: object) -> list[Mapping[str, Any]]:
    """Return the objects of a list, anything else in it left out."""
    return [item for item in items(value) if isinstance(item, Mapping)]
