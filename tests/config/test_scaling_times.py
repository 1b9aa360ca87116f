from __future__ import annotations

import pytest
from pydantic_core import PydanticCustomError

from config.scaling_times import check_time


@pytest.mark.parametrize("expression", ["cron(0 7 ? * MON-FRI *)", "rate(1 day)", "at(2030-01-31T07:00:00)"])
def test_a_time_is_taken(expression: str) -> None:
    assert check_time(expression) == expression


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("every day", "is no schedule."),
        ("cron(0 7 * * *)", "has 5 fields."),
        ("cron(0 24 ? * MON *)", "`24` is no hour in"),
        ("at(2030-02-31T07:00:00)", "is no moment."),
        ("at(2030-02-01)", "is no moment."),
        ("at(٢030-02-01T07:00:00)", "is no moment."),
    ],
)
def test_what_is_wrong_with_a_time_is_said(expression: str, expected: str) -> None:
    with pytest.raises(PydanticCustomError) as caught:
        check_time(expression)
    assert expected in str(caught.value)
