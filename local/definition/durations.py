"""The durations of CacheConfig: ISO 8601 as the service takes it, with or without the leading P, in any case.

Source: SageMaker Developer Guide, 'Turn on step caching': `30d`, `5y`, `T16m` and `30dT5h` are its examples.
"""

from __future__ import annotations

import datetime as dt
import re

_NUMBER = r"(\d{1,6})"
_DURATION = re.compile(
    rf"P?(?:{_NUMBER}Y)?(?:{_NUMBER}M)?(?:{_NUMBER}W)?(?:{_NUMBER}D)?(?:T(?=\d)(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?)?",
    re.IGNORECASE | re.ASCII,
)


def parse_duration(text: str) -> dt.timedelta:
    """Reads a duration; a year counts 365 days and a month 30.

    Raises:
        ValueError: the text is not a duration.
    """
    match = _DURATION.fullmatch(text)
    if match is None or not any(match.groups()):
        raise ValueError(f"{text[:40]!r} is not a duration; write it as P30D or PT12H.")
    years, months, weeks, days, hours, minutes, seconds = (int(each or 0) for each in match.groups())
    days += 365 * years + 30 * months
    return dt.timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
