"""What kind of column it is, judged by all of its cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal

Kind = Literal["numeric", "boolean", "date", "categorical", "identifier", "constant", "all-missing"]

MOST_STRAYS = 0.05
"""The share of texts in a column of numbers up to which it is still one, the texts being notes or typing errors."""
FEWEST_NUMBERS = 20
"""A column with texts among fewer different numbers than these holds codes, not quantities."""
FEWEST_ROWS = 20
"""Below that, values that are all different say nothing."""
UNIQUE_TEXTS = 0.95
UNIQUE_BY_NAME = 0.5

_WORDS = {frozenset(pair) for pair in (("true", "false"), ("yes", "no"), ("y", "n"), ("t", "f"), ("on", "off"))}
_ID_NAME = re.compile(
    r"(?:^|[\W_])(?:id|uuid|guid|key|idx|index|rownum|row_?number)$|[a-z](?:Id|ID|Key)$|^unnamed: 0$|^column_1$",
)
_DATE = re.compile(
    r"(?:\d{4}([-/.])\d{1,2}\1\d{1,2}|\d{1,2}([-/.])\d{1,2}\2\d{4}|\d{1,2}[- ][A-Za-z]{3}[- ]\d{4})"
    r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?(?:Z|UTC|[+-]\d{2}:?\d{2}))?)?"
)


def is_boolean(values: Iterable[str]) -> bool:
    """Say whether the values are two words for yes and no."""
    return frozenset(value.lower() for value in values) in _WORDS


def are_dates(values: Mapping[str, int]) -> bool:
    """Say whether every value reads as a date, with or without a time."""
    return bool(values) and all(_DATE.fullmatch(value) for value in values)


def named_like_an_identifier(name: str) -> bool:
    """Say whether people give such names to keys and row numbers."""
    return _ID_NAME.search(name) is not None or _ID_NAME.search(name.lower()) is not None


def why_numbers_identify(name: str, present: int, distinct: int, low: float, high: float) -> str | None:
    """Return why whole numbers look like a key or row numbers, None when they do not.

    Args:
        name: The column.
        present: Cells that hold a number.
        distinct: Different ones among them (`present` where so many are not counted and none was seen twice).
        low: The least.
        high: The greatest.
    """
    if present < FEWEST_ROWS:
        return None
    named = named_like_an_identifier(name)
    consecutive = distinct == present and high - low + 1 == present
    if consecutive and (named or low in (0, 1) or present >= 5 * FEWEST_ROWS):
        return "its numbers count the rows"
    if named and name != "column_1" and distinct >= UNIQUE_BY_NAME * present:
        return "it is named like a key and hardly repeats a value"
    return None


def why_texts_identify(name: str, present: int, distinct: int) -> str | None:
    """Return why texts look like a key or free text, None when they do not; arguments as for numbers."""
    if present < FEWEST_ROWS:
        return None
    if distinct == present:
        return "every row has a value of its own"
    if distinct >= UNIQUE_TEXTS * present:
        return "nearly every row has a value of its own"
    if named_like_an_identifier(name) and name != "column_1" and distinct >= UNIQUE_BY_NAME * present:
        return "it is named like a key and hardly repeats a value"
    return None
