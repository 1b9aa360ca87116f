from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.dates import PARTS, day_comes_first, parse_moment, parts_of


def seconds(*parts: int) -> float:
    return dt.datetime(*parts, tzinfo=dt.UTC).timestamp()  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-02-29", (2024, 2, 29)),
        ("2024/2/9", (2024, 2, 9)),
        (" 2024-02-29T13:45 ", (2024, 2, 29, 13, 45)),
        ("2024-02-29 13:45:59.123", (2024, 2, 29, 13, 45, 59)),
        ("2024-02-29T23:00:00Z", (2024, 2, 29, 23)),
        ("2024-03-01T00:30:00+05:30", (2024, 2, 29, 19)),
        ("2024-02-29 20:00 -0400", (2024, 3, 1)),
        ("29-Feb-2024", (2024, 2, 29)),
        ("29 February 2024 11:05 pm", (2024, 2, 29, 23, 5)),
        ("Sept 3, 2024", (2024, 9, 3)),
        ("29.2.2024", (2024, 2, 29)),
        ("3/4/2024 12:00 AM", (2024, 4, 3)),
        ("0001-01-01", (1, 1, 1)),
    ],
)
def test_dates_that_people_write_are_read(text: str, expected: tuple[int, ...]) -> None:
    assert parse_moment(text, day_first=True) == seconds(*expected)


@pytest.mark.parametrize(
    "text",
    ["2023-02-29", "2024-13-01", "2024-02-29 25:00", "29/2/24", "2024-02/29", "20240229", "13:45", "soon", "", "2024",
     "3/14/2024", "2024-02-29 13:00 pm", "Foo 3, 2024", "0000-01-01", "٢٠٢٤-٠١-٠١", "2024-02-29 1:60"],
)  # fmt: skip
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse_moment(text, day_first=True) is None


def test_a_date_that_may_be_two_says_nothing() -> None:
    assert parse_moment("3/4/2024", day_first=None) is None
    assert parse_moment("3/4/2024", day_first=False) == seconds(2024, 3, 4)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["3/4/2024", "13/4/2024"], True),
        (["3/4/2024", "3/14/2024"], False),
        (["3/4/2024"], None),
        (["13/4/2024", "4/13/2024"], None),
        (["2024-03-04"], None),
    ],
)
def test_one_date_decides_for_its_column(texts: list[str], expected: bool | None) -> None:
    assert day_comes_first(dict.fromkeys(texts, 1)) is expected


@given(st.datetimes(dt.datetime(1, 1, 1), dt.datetime(9999, 12, 31), timezones=st.just(dt.UTC)))  # noqa: DTZ001
def test_parts_are_the_calendars(moment: dt.datetime) -> None:
    at = moment.replace(microsecond=0)
    read = parse_moment(str(at), None)
    assert read == at.timestamp()
    found = dict(zip(PARTS, parts_of(read, PARTS), strict=True))
    expected = (at.year, at.month, at.day, at.weekday(), at.hour)
    assert (found["year"], found["month"], found["day"], found["weekday"], found["hour"]) == expected
