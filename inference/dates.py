"""Dates with or without a time: what a cell says, as seconds since 1970, and the parts that features are made of."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping

_DAY = 86_400
_EPOCH = dt.date(1970, 1, 1).toordinal()
FIRST, LAST = -62_135_596_800.0, 253_402_300_799.0
"""The first second of the year 1 and the last one of the year 9999."""

PARTS = ("days", "year", "month", "day", "weekday", "hour")
"""What features are made of: days since 1970 with a fraction, and whole numbers; Monday is 0."""
ORDERED = frozenset({"days", "year"})
"""Parts that go on rising, and are held to the range that training saw."""

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december")  # fmt: skip
_NAMES = {form: place for place, name in enumerate(_MONTHS, 1) for form in (name, name[:3])} | {"sept": 9}
_TIME = (
    r"(?:[T ]\s?(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"(?:\s?(?P<half>[AaPp][Mm]))?\s?(?P<zone>Z|UTC|[+-]\d{2}:?\d{2})?)?"
)
_FORMS = tuple(
    re.compile(form + _TIME, re.ASCII)
    for form in (
        r"(?P<year>\d{4})([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})",
        r"(?P<first>\d{1,2})([-/.])(?P<other>\d{1,2})\2(?P<year>\d{4})",
        r"(?P<day>\d{1,2})[- ](?P<name>[A-Za-z]{3,9})\.?[- ](?P<year>\d{4})",
        r"(?P<name>[A-Za-z]{3,9})\.? (?P<day>\d{1,2}),? (?P<year>\d{4})",
    )
)


def parse_moment(text: str, day_first: bool | None) -> float | None:
    """The seconds since 1970 that a text says, in UTC where it names an offset; None where it says no date.

    `day_first` tells how `3/4/2024` is meant; without it such a text says nothing.
    """
    match = next((found for form in _FORMS if (found := form.fullmatch(text.strip()))), None)
    if match is None:
        return None
    given: Mapping[str, str | None] = match.groupdict()
    year = int(given["year"] or 0)
    if given.get("first"):
        if day_first is None:
            return None
        first, other = int(given["first"] or 0), int(given["other"] or 0)
        day, month = (first, other) if day_first else (other, first)
    else:
        day = int(given["day"] or 0)
        month = _NAMES.get((given.get("name") or "").lower(), 0) if given.get("name") else int(given["month"] or 0)
    try:
        days = dt.date(year, month, day).toordinal() - _EPOCH
    except ValueError:
        return None
    clock = _clock(given)
    if clock is None:
        return None
    moment = float(days * _DAY + clock)
    return moment if FIRST <= moment <= LAST else None


def _clock(given: Mapping[str, str | None]) -> int | None:
    """The seconds after midnight in UTC; None where there is no such time."""
    if given["hour"] is None:
        return 0
    hour, minute, second = (int(given[name] or 0) for name in ("hour", "minute", "second"))
    if given["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + 12 * (given["half"].lower() == "pm")
    if hour > 23 or minute > 59 or second > 59:
        return None
    return 3600 * hour + 60 * minute + second - _offset(given["zone"])


def _offset(zone: str | None) -> int:
    if zone is None or zone in ("Z", "UTC"):
        return 0
    seconds = 3600 * int(zone[1:3]) + 60 * int(zone[-2:])
    return -seconds if zone[0] == "-" else seconds


def cell_moment(value: object, day_first: bool | None) -> float | None:
    """The seconds since 1970 in a raw cell, text or native; None where there is no date."""
    if isinstance(value, str):
        return parse_moment(value, day_first)
    if isinstance(value, dt.datetime):
        return parse_moment(str(value), None)
    return parse_moment(value.isoformat(), None) if isinstance(value, dt.date) else None


def day_comes_first(texts: Mapping[str, int]) -> bool | None:
    """How the dates of a column are meant where they start with neither the year nor a name.

    True or False where a number above 12 decides it for all of them. None where there are no such dates, nothing
    decides, or two of them contradict each other: `parse_moment` then says what can be read at all.
    """
    above = [False, False]
    for text in texts:
        match = _FORMS[1].fullmatch(text.strip())
        if match is not None:
            above[0] |= int(match["first"]) > 12
            above[1] |= int(match["other"]) > 12
    return above[0] if above[0] != above[1] else None


_MAKE: dict[str, Callable[[float, dt.date], float]] = {
    "days": lambda seconds, _: seconds / _DAY,
    "year": lambda _, date: float(date.year),
    "month": lambda _, date: float(date.month),
    "day": lambda _, date: float(date.day),
    "weekday": lambda _, date: float(date.weekday()),
    "hour": lambda seconds, _: float(seconds % _DAY // 3600),
}


def parts_of(seconds: float, parts: tuple[str, ...]) -> list[float]:
    """Parts of one moment; `inference.bulk` makes the same of many."""
    date = dt.date.fromordinal(int(seconds // _DAY) + _EPOCH)
    return [_MAKE[part](seconds, date) for part in parts]
