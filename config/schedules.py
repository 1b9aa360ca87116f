"""When something happens again and again, as EventBridge Scheduler writes it: ``rate(7 days)``, ``cron(0 6 ? * 2 *)``.

Source: EventBridge Scheduler User Guide, 'Schedule types'.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from config.fields import mistake

_RATE = re.compile(r"rate\(([1-9][0-9]{0,4}) (minute|hour|day)s?\)")
_CRON = re.compile(r"cron\((.*)\)")
_EXAMPLES = "Write one such as `rate(7 days)`, or `cron(0 6 ? * MON *)` for Mondays at 6:00 UTC."
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")


@dataclass(frozen=True)
class _Field:
    """One of a cron expression's fields: the numbers and names it takes, and what else may stand for a value."""

    name: str
    least: int
    most: int
    names: tuple[str, ...] = ()
    special: str = r"(?!)"

    def takes(self, text: str) -> bool:
        """Say whether every part of the field, between commas, is possible."""
        if text == "?":
            return self.name.startswith("day")
        return all(self._takes_part(part) for part in text.split(","))

    def _takes_part(self, part: str) -> bool:
        if re.fullmatch(self.special, part):
            return True
        start, slash, step = part.partition("/")
        if slash and not (step.isascii() and step.isdigit() and 0 < int(step) <= self.most):
            return False
        first, dash, last = start.partition("-")
        if dash:
            low, high = self._value(first), self._value(last)
            return low is not None and high is not None and low <= high
        return start == "*" or self._value(start) is not None

    def _value(self, text: str) -> int | None:
        if text.upper() in self.names:
            return self.least + self.names.index(text.upper())
        value = int(text) if re.fullmatch(r"[0-9]{1,4}", text) else -1
        return value if self.least <= value <= self.most else None


_FIELDS = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day of the month", 1, 31, special=r"L|LW|L-([1-9]|[12][0-9]|30)|([1-9]|[12][0-9]|3[01])W"),
    _Field("month", 1, 12, _MONTHS),
    _Field("day of the week", 1, 7, _WEEKDAYS, special=r"L|([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(L|#[1-5])"),
    _Field("year", 1970, 2199),
)


def check_schedule(expression: str) -> str:
    """Return a schedule that EventBridge Scheduler takes; raises with what is wrong with another."""
    if re.fullmatch(_RATE, expression):
        return expression
    cron = re.fullmatch(_CRON, expression)
    if cron is None:
        raise mistake(f"`{expression[:60]}` is no schedule.", _EXAMPLES)
    written = cron[1].split()
    if len(written) != len(_FIELDS):
        raise mistake(
            f"`{expression[:60]}` has {len(written)} fields.",
            "A cron expression has six: minute, hour, day of the month, month, day of the week and year.",
        )
    for field, text in zip(_FIELDS, written, strict=True):
        if not field.takes(text):
            raise mistake(f"`{text[:30]}` is no {field.name} in `{expression[:60]}`.", _EXAMPLES)
    if (written[2] == "?") == (written[4] == "?"):
        raise mistake(
            f"`{expression[:60]}` does not say one kind of day.",
            "Give the day of the month or the day of the week, and write `?` for the other.",
        )
    return expression
