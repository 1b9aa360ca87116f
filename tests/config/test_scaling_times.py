from __future__ import annotations

import pytest

from config.scaling_times import fault


@pytest.mark.parametrize(
    "expression",
    [
        "cron(0 7 ? * MON-FRI *)",
        "cron(0/15 0-5,22 1,15 JAN-MAR ? 2026-2030)",
        "cron(0 0 L * ? *)",
        "cron(0 0 15W * ? *)",
        "cron(30 6 ? * 2#1 *)",
        "cron(30 6 ? * FRIL *)",
        "cron(0 7 ? * mon *)",
        "rate(1 day)",
        "rate(90 minutes)",
        "at(2030-01-31T07:00:00)",
    ],
)
def test_a_schedule_is_taken(expression: str) -> None:
    assert fault(expression) is None


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("every day", "is no schedule."),
        ("cron(0 7 * * *)", "has 5 fields in place of 6."),
        ("cron(60 7 ? * MON *)", "has `60` for its minutes."),
        ("cron(0 24 ? * MON *)", "has `24` for its hours."),
        ("cron(0 7 32 * ? *)", "has `32` for its day of the month."),
        ("cron(0 7 1 13 ? *)", "has `13` for its month."),
        ("cron(0 7 ? * MOO *)", "has `MOO` for its day of the week."),
        ("cron(0 7 ? * MON 1969)", "has `1969` for its year."),
        ("cron(0/0 7 ? * MON *)", "has `0/0` for its minutes."),
        ("cron(1-2-3 7 ? * MON *)", "has `1-2-3` for its minutes."),
        ("cron(٣ 7 ? * MON *)", "has `٣` for its minutes."),
        ("cron(0 7 * * MON *)", "needs `?` for either the day of the month or the day of the week."),
        ("cron(0 7 ? * ? *)", "needs `?` for either the day of the month or the day of the week."),
        ("rate(1 days)", "is no schedule."),
        ("rate(2 day)", "is no schedule."),
        ("rate(0 days)", "is no schedule."),
        ("at(2030-02-31T07:00:00)", "is no moment of the calendar."),
        ("at(2030-02-01)", "is no schedule."),
    ],
)
def test_what_is_wrong_with_a_schedule_is_said(expression: str, expected: str) -> None:
    assert fault(expression) == expected
