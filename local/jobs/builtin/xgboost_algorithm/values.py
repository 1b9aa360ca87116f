"""Types of hyperparameters: each reads a text and says what is wrong with it."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Interval:
    """A range of numbers; its ends belong to it unless they are open."""

    low: float = -math.inf
    high: float = math.inf
    low_open: bool = False
    high_open: bool = False

    def __contains__(self, value: float) -> bool:
        above = value > self.low if self.low_open else value >= self.low
        below = value < self.high if self.high_open else value <= self.high
        return above and below

    def __str__(self) -> str:
        left = "(" if self.low_open or self.low == -math.inf else "["
        right = ")" if self.high_open or self.high == math.inf else "]"
        return f"{left}{self.low:g}, {self.high:g}{right}"


Read = Callable[[str], Any]
"""Returns the value of a text; ValueError, with a sentence's end, where it is none."""


def integer(interval: Interval) -> Read:
    """Read whole numbers."""
    return _number(int, interval, "a whole number")


def real(interval: Interval) -> Read:
    """Read numbers."""
    return _number(float, interval, "a number")


def one_of(*names: str) -> Read:
    """Read one of some names."""

    def read(text: str) -> str:
        if text not in names:
            message = f"{text!r} is not one of {', '.join(names)}"
            raise ValueError(message)
        return text

    return read


def list_of(accept: Callable[[str], bool], what: str) -> Read:
    """Read names separated by commas."""

    def read(text: str) -> list[str]:
        found = text.split(",")
        for name in found:
            if not accept(name):
                message = f"{name!r} is no {what}"
                raise ValueError(message)
        return found

    return read


def signs(text: str) -> tuple[int, ...]:
    """Read a tuple of -1, 0 and 1, such as (1, 0, -1)."""
    found = _literal(text)
    if not isinstance(found, tuple | list) or not all(sign in (-1, 0, 1) for sign in found):
        message = f"{text!r} is no tuple of -1, 0 and 1"
        raise ValueError(message)
    return tuple(int(sign) for sign in found)


def groups(text: str) -> list[list[int]]:
    """Read a list of lists of column numbers, such as [[1, 2], [3, 4]]."""
    found = _literal(text)
    whole = isinstance(found, list) and all(isinstance(group, list | tuple) for group in found)
    if not whole or not all(isinstance(column, int) and column >= 1 for group in found for column in group):
        message = f"{text!r} is no list of lists of column numbers from 1 on"
        raise ValueError(message)
    return [list(group) for group in found]


def _number(kind: type[int] | type[float], interval: Interval, noun: str) -> Read:
    def read(text: str) -> float:
        try:
            value = kind(text)
        except ValueError:
            message = f"{text!r} is not {noun}"
            raise ValueError(message) from None
        if value not in interval:
            message = f"{text} is not in {interval}"
            raise ValueError(message)
        return value

    return read


def _literal(text: str) -> Any:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
