from __future__ import annotations

import pytest
from pydantic_core import PydanticCustomError

from config.schedules import check_schedule


@pytest.mark.parametrize(
    "expression",
    [
        "rate(1 day)",
        "rate(7 days)",
        "rate(90 minutes)",
        "cron(0 6 ? * MON *)",
        "cron(0/15 8-17 ? * mon-fri *)",
        "cron(30 2 1,15 JAN,jul ? 2026-2030)",
        "cron(0 0 L * ? *)",
        "cron(0 0 15W * ? *)",
        "cron(0 0 ? * 6L *)",
        "cron(0 0 ? * FRI#2 *)",
    ],
)
def test_what_the_scheduler_takes_is_taken(expression: str) -> None:
    assert check_schedule(expression) == expression


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("weekly", "`weekly` is no schedule."),
        ("at(2026-01-01T00:00:00)", "`at(2026-01-01T00:00:00)` is no schedule."),
        ("rate(0 days)", "`rate(0 days)` is no schedule."),
        ("rate(2 weeks)", "`rate(2 weeks)` is no schedule."),
        ("0 6 * * 1", "`0 6 * * 1` is no schedule."),
        ("cron(0 6 * * 1)", "`cron(0 6 * * 1)` has 5 fields."),
        ("cron(60 6 ? * MON *)", "`60` is no minute in `cron(60 6 ? * MON *)`."),
        ("cron(0 24 ? * MON *)", "`24` is no hour in `cron(0 24 ? * MON *)`."),
        ("cron(0 6 ? 13 MON *)", "`13` is no month in `cron(0 6 ? 13 MON *)`."),
        ("cron(0 6 ? * 0 *)", "`0` is no day of the week in `cron(0 6 ? * 0 *)`."),
        ("cron(0 6 32 * ? *)", "`32` is no day of the month in `cron(0 6 32 * ? *)`."),
        ("cron(0 6 ? * FRI-MON *)", "`FRI-MON` is no day of the week in `cron(0 6 ? * FRI-MON *)`."),
        ("cron(0/0 6 ? * MON *)", "`0/0` is no minute in `cron(0/0 6 ? * MON *)`."),
        ("cron(?  6 1 * ? *)", "`?` is no minute in `cron(?  6 1 * ? *)`."),
        ("cron(0 6 ? * MON 1969)", "`1969` is no year in `cron(0 6 ? * MON 1969)`."),
        ("cron(0 6 * * MON *)", "`cron(0 6 * * MON *)` does not say one kind of day."),
        ("cron(0 6 ? * ? *)", "`cron(0 6 ? * ? *)` does not say one kind of day."),
        ("cron(٠ 6 ? * MON *)", "`٠` is no minute in `cron(٠ 6 ? * MON *)`."),
    ],
)
def test_what_the_scheduler_would_refuse_is_refused_with_its_place(expression: str, message: str) -> None:
    with pytest.raises(PydanticCustomError) as caught:
        check_schedule(expression)
    assert str(caught.value) == message
    assert caught.value.context is not None
    assert caught.value.context["fix"]
