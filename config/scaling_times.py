"""When Application Auto Scaling changes bounds: ``cron(…)`` with six fields, ``rate(…)`` and ``at(…)``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_RATE = re.compile(r"rate\((?:1 (?:minute|hour|day)|(?!1 )[1-9]\d* (?:minutes|hours|days))\)")
_AT = re.compile(r"at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)")
_CRON = re.compile(r"cron\(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    low: int
    high: int
    names: Sequence[str] = ()
    special: str = r"(?!)"

    def allows(self, text: str) -> bool:
        return all(re.fullmatch(self.special, part) or self._allows_part(part) for part in text.split(","))

    def _allows_part(self, part: str) -> bool:
        span, slash, step = part.partition("/")
        if slash and not (step.isascii() and step.isdigit() and int(step) > 0):
            return False
        if span == "*":
            return True
        bounds = [self._number(each) for each in span.split("-")]
        if not 1 <= len(bounds) <= 2 or any(each is None for each in bounds):
            return False
        return all(self.low <= each <= self.high for each in bounds if each is not None)

    def _number(self, text: str) -> int | None:
        if text.upper() in self.names:
            return self.names.index(text.upper()) + 1
        return int(text) if text.isascii() and text.isdigit() else None


_FIELDS = (
    _Field("minutes", 0, 59),
    _Field("hours", 0, 23),
    _Field("day of the month", 1, 31, special=r"\?|L|LW|([1-9]|[12]\d|3[01])W"),
    _Field("month", 1, 12, _MONTHS),
    _Field("day of the week", 1, 7, _DAYS, special=r"\?|L|([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(L|#[1-5])"),
    _Field("year", 1970, 2199),
)
HOW_TO_WRITE = (
    "Write `cron(minutes hours day month weekday year)`, such as `cron(0 7 ? * MON-FRI *)`, `rate(1 day)` or "
    "`at(2030-01-31T07:00:00)`."
)


def fault(expression: str) -> str | None:
    """Return what is wrong with a schedule expression, as a sentence that goes on after it; None where nothing is."""
    cron, at = _CRON.fullmatch(expression), _AT.fullmatch(expression)
    if cron:
        return _cron_fault(cron[1].split())
    if at:
        return None if _is_moment(at[1]) else "is no moment of the calendar."
    return None if _RATE.fullmatch(expression) else "is no schedule."


def _cron_fault(parts: Sequence[str]) -> str | None:
    if len(parts) != len(_FIELDS):
        return f"has {len(parts)} fields in place of {len(_FIELDS)}."
    for field, part in zip(_FIELDS, parts, strict=True):
        if not field.allows(part):
            return f"has `{part}` for its {field.name}."
    if (parts[2] == "?") == (parts[4] == "?"):
        return "needs `?` for either the day of the month or the day of the week."
    return None


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
