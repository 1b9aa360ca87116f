"""Makes the tables that the compiled reader reads rows by, of what was fitted."""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.cells import NO, YES, parse_number
from inference.columns import Categorical, Encoded, Ignored, Numeric, numbers_among
from inference.features import Features
from inference.reader.layout import COLUMN, IGNORED, KNOWN, NONE, NUMBER, TABLE, TEXT, VERSION, Reader

Action = tuple[int, int, int]
_ASK: Action = (0, 0, NONE)
_NOTHING: Action = (0, 0, 0)
_TOKENS, _NAMES = 0, 1
_LAST_DIGIT = "9"
_MOST_BYTES = 1 << 30
_MOST_INTEGER = 1 << 52


class UnfitError(Exception):
    """Why a model's rows are not read by the compiled reader; the text is half a sentence."""


class Tables:
    """All that `reader` points to; it stays where it is as long as this object does."""

    def __init__(self, features: Features) -> None:
        self._features = features
        self._values: list[float] = [1.0]
        self._known: list[tuple[int, int, int, Action]] = []
        self._bytes = bytearray(b" ")
        self._sizes: list[int] = []
        self._add_table(dict.fromkeys(_stripped(features.missing), _NOTHING))
        names = _stripped([*features.names, features.target])
        self._add_table(dict.fromkeys(names, _NOTHING))
        columns: list[tuple[Any, ...]] = []
        position = 0
        for column in features.columns:
            columns.append(self._column(column, position))
            position += len(column.features())
        if len(self._bytes) > _MOST_BYTES:
            raise UnfitError("its texts are too long")
        firsts = np.cumsum([0, *self._sizes]).tolist()
        tables = [(first, size - 1) for first, size in zip(firsts, self._sizes, strict=False)]
        missing = np.array(sorted(numbers_among(features.missing)), np.float64)
        self.parts: list[NDArray[Any]] = [
            np.array(columns, COLUMN),
            np.array(tables, TABLE),
            np.array(self._known or [(0, 0, 0, _NOTHING)], KNOWN),
            np.zeros(firsts[-1], np.uint32),
            np.frombuffer(bytes(self._bytes), np.uint8),
            np.frombuffer(array("f", self._values), np.float32),
            np.append(missing, 0.0),
        ]
        early = any(name[:1] <= _LAST_DIGIT for name in names)
        counts = (len(columns), position, len(self._known), len(missing), _TOKENS, _NAMES, int(early))
        self.reader = Reader(VERSION, *counts, *(part.ctypes.data for part in self.parts))

    @property
    def address(self) -> int:
        """Where `reader` is."""
        return ctypes.addressof(self.reader)

    def _column(self, column: object, position: int) -> tuple[Any, ...]:
        if isinstance(column, Numeric) and not column.decimal:
            return self._number(column, position)
        scale = (0.0, 0.0, 0.0, 1.0)
        if isinstance(column, Ignored):
            return (*scale, IGNORED, position, NONE, 0, _NOTHING, _NOTHING)
        if getattr(column, "hashed", False):
            raise UnfitError("it has levels that are kept as digests")
        if isinstance(column, Categorical):
            return (*scale, TEXT, position, *self._category(column))
        if isinstance(column, Encoded):
            return (*scale, TEXT, position, *self._encoded(column))
        raise UnfitError("it has dates, or numbers as people write them")

    def _number(self, column: Numeric, position: int) -> tuple[Any, ...]:
        value = min(max(column.median, column.low), column.high)
        gap = self._action([(value - column.mean) / column.deviation, *([1.0] if column.indicator else [])])
        own = {text: gap if parse_number(text) is None else _ASK for text in _stripped(column.also_missing)}
        scale = (column.low, column.high, column.mean, column.deviation)
        if any(isinstance(each, int) and abs(each) > _MOST_INTEGER for each in scale):
            raise UnfitError("it has integers that have no 64-bit number of their own")
        return (*scale, NUMBER, position, self._add_table(own) if own else NONE, 0, gap, _ASK)

    def _category(self, column: Categorical) -> tuple[Any, ...]:
        places, other, missing = column.slots()
        if any(level != level.strip() for level in places):
            raise UnfitError("it has levels with white space around them")

        def chosen(slot: int) -> Action:
            return (slot, 0, 1) if slot >= 0 else _NOTHING

        def is_plain(level: str) -> bool:
            # The other ones mean one thing as they stand, and another with white space around them.
            return column.spell(level) == level and level not in self._features.missing

        own = {level: chosen(slot) if is_plain(level) else _ASK for level, slot in places.items()}
        for text in _spellings(column.boolean):
            if text not in own and text not in self._features.missing:
                own[text] = chosen(places.get(column.spell(text), other))
        return self._add_table(own), int(column.boolean), chosen(missing), chosen(other)

    def _encoded(self, column: Encoded) -> tuple[Any, ...]:
        known = dict(zip(column.levels, map(self._action, column.values), strict=True))
        other = self._action(column.other)
        texts = [text for text in [*known, *_spellings(boolean=False)] if text not in self._features.missing]
        own = {text: known.get(column.spell(text), other) for text in _stripped(texts)}
        return self._add_table(own), 0, self._action(column.absent), other

    def _action(self, values: Iterable[float]) -> Action:
        """That a cell becomes these values."""
        start = len(self._values)
        self._values += values
        return 0, start, len(self._values) - start

    def _add_table(self, actions: Mapping[str, Action]) -> int:
        """Add a table of texts; returns its number. What is no UTF-8 stands in no body that is read."""
        number = len(self._sizes)
        for text, action in actions.items():
            try:
                raw = text.encode()
            except UnicodeEncodeError:
                continue
            self._known.append((len(self._bytes), len(raw), number, action))
            self._bytes += raw
        self._sizes.append(1 << (2 * len(actions) + 1).bit_length())
        return number


def _stripped(texts: Iterable[str]) -> list[str]:
    """Those without white space around them: cells are compared without."""
    return [text for text in texts if text == text.strip()]


def _spellings(boolean: bool) -> list[str]:
    words = sorted(YES | NO) if boolean else ["true", "false"]
    return [form for word in words for form in (word, word.upper(), word.capitalize())]
