"""When Application Auto Scaling changes bounds: ``cron(…)`` and ``rate(…)`` as the scheduler's, and once: ``at(…)``."""

from __future__ import annotations

import re
from datetime import datetime

from config.fields import mistake
from config.schedules import check_schedule

_AT = re.compile(r"at\((.*)\)")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", re.ASCII)


def check_time(expression: str) -> str:
    """Return a schedule that Application Auto Scaling takes; raises with what is wrong with another."""
    at = _AT.fullmatch(expression)
    if at is None:
        return check_schedule(expression)
    if not _MOMENT.fullmatch(at[1]) or not _is_moment(at[1]):
        raise mistake(f"`{expression[:60]}` is no moment.", "Write one such as `at(2030-01-31T07:00:00)`.")
    return expression


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
