"""ISO 8601 durations, as CacheConfig's ExpireAfter has them."""

from __future__ import annotations

import re

_PART = r"(\d{1,9}(?:[.,]\d{1,9})?)"
_DURATION = re.compile(
    rf"P(?:{_PART}Y)?(?:{_PART}M)?(?:{_PART}W)?(?:{_PART}D)?(?:T(?=\d)(?:{_PART}H)?(?:{_PART}M)?(?:{_PART}S)?)?",
    re.IGNORECASE,
)
# A year and a month have no fixed length; these are the usual ones.
_SECONDS = (365 * 86400, 30 * 86400, 7 * 86400, 86400, 3600, 60, 1)
_BARE = re.compile(r"(\d{1,6})([dh])", re.IGNORECASE)


def seconds(text: str) -> float | None:
    """Return a duration in seconds; None where the text is none. The SDK's short forms `30d` and `2h` are taken too."""
    bare = _BARE.fullmatch(text)
    if bare is not None:
        return float(bare.group(1)) * (86400 if bare.group(2).lower() == "d" else 3600)
    match = _DURATION.fullmatch(text)
    if match is None or not any(match.groups()):
        return None
    parts = zip(match.groups(), _SECONDS, strict=True)
    return float(sum(float(value.replace(",", ".")) * unit for value, unit in parts if value))
