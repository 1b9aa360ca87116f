from __future__ import annotations

import datetime as dt

import pytest

from local.definition.durations import parse_duration


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("P30D", dt.timedelta(days=30)),
        ("30d", dt.timedelta(days=30)),
        ("p30d", dt.timedelta(days=30)),
        ("5y", dt.timedelta(days=5 * 365)),
        ("P2M", dt.timedelta(days=60)),
        ("P2W", dt.timedelta(weeks=2)),
        ("PT2M", dt.timedelta(minutes=2)),
        ("T16m", dt.timedelta(minutes=16)),
        ("T12H", dt.timedelta(hours=12)),
        ("30dT5h", dt.timedelta(days=30, hours=5)),
        ("P1Y2M3W4DT5H6M7S", dt.timedelta(days=365 + 60 + 21 + 4, hours=5, minutes=6, seconds=7)),
    ],
)
def test_reads_durations_as_the_service_documents_them(text: str, duration: dt.timedelta) -> None:
    assert parse_duration(text) == duration


@pytest.mark.parametrize("text", ["", "P", "T", "PT", "30", "P30", "1h", "P1H", "P1DT", "P1.5D", "-P1D", "P30D ", "٣d"])
def test_refuses_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a duration; write it as P30D or PT12H\."):
        parse_duration(text)
