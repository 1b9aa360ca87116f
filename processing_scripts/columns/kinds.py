"""What kind of column it is, judged by all of its cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Literal

from inference.cells import NO, YES, parse_written
from inference.dates import day_comes_first, parse_moment

Kind = Literal["numeric", "boolean", "date", "categorical", "identifier", "constant", "all-missing"]

MOST_STRAYS = 0.05
"""The share of texts in a column of numbers up to which it is still one, the texts being notes or typing errors."""
FEWEST_NUMBERS = 20
"""A column with texts among fewer different numbers than these holds codes, not quantities."""
FEWEST_ROWS = 20
"""Below that, values that are all different say nothing."""
_LONGEST_DATE = 40
UNIQUE_TEXTS = 0.95
UNIQUE_BY_NAME = 0.5

_PAIRS = (("true", "false"), ("yes", "no"), ("y", "n"), ("t", "f"), ("on", "off"))
_ID_NAME = re.compile(
    r"(?:^|[\W_])(?:id|uuid|guid|key|idx|index|rownum|row_?number)$|[a-z](?:Id|ID|Key)$|^unnamed: 0$|^column_1$",
)


def is_boolean(values: Iterable[str]) -> bool:
    """Say whether the values are words for yes and no, one pair of them at least: `yes`, `no`, `Y` and `1` are."""
    # More values than there are spellings cannot all be some of them.
    found = {value.lower() for value in islice(values, 4 * len(YES | NO))}
    return found <= YES | NO and any(found.issuperset(pair) for pair in _PAIRS)


def are_dates(values: Mapping[str, int]) -> bool:
    """Say whether every value reads as a date, with or without a time, whichever of its numbers is the day."""
    return bool(values) and all(_reads_as_a_date(value) for value in values)


def _reads_as_a_date(value: str) -> bool:
    # Most texts that are none have no digit or are far too long, which is found out sooner than by reading them.
    if len(value) > _LONGEST_DATE or not any(map(str.isdigit, value)):
        return False
    return any(parse_moment(value, day_first) is not None for day_first in (True, False))


def how_dates_are_written(values: Mapping[str, int]) -> tuple[bool | None, str]:
    """Return whether the day comes first, and why dates cannot be read, empty where they can."""
    day_first = day_comes_first(values)
    unread = [value for value in values if parse_moment(value, day_first) is None]
    if not unread:
        return day_first, ""
    return None, f"holds dates such as {unread[0]!r}, of which nothing says whether the day or the month comes first"


def how_numbers_are_written(values: Mapping[str, int], plain: int) -> str:
    """Return what separates fractions where numbers are written as people do (`1,234.5`, `12 %`), empty otherwise.

    Of the cells, `plain` are plain numbers, and others must be read as well for anything to be gained. A column whose
    commas all stand before three digits groups them: `1,234` is more than a thousand.
    """
    total = sum(values.values())
    best, most = "", max((1 - MOST_STRAYS) * total, plain + 1)
    for decimal in (".", ","):
        read = sum(count for value, count in values.items() if parse_written(value, decimal) is not None)
        if read >= most and (not best or read > most):
            best, most = decimal, read
    return best


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
