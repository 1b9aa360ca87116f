from __future__ import annotations

from typing import Any

import pytest

from cli.report import values


@pytest.mark.parametrize(
    ("given", "found"),
    [(1, 1.0), (0.5, 0.5), (True, None), ("1", None), (None, None), (float("nan"), None), (10**400, None), ([1], None)],
)
def test_only_finite_numbers_are_numbers(given: object, found: float | None) -> None:
    assert values.number(given) == found


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ([1, 2.5], [1.0, 2.5]),
        ([1, float("nan")], [1.0, 0.0]),
        ([1, "x", True], [1.0, 0.0, 0.0]),
        ([10**400, 1], [0.0, 1.0]),
        ([float("inf"), float("-inf"), 2], [0.0, 0.0, 2.0]),
        ("no list", []),
    ],
)
def test_rows_of_numbers_keep_their_length(given: Any, found: list[float]) -> None:
    assert values.numbers_or_zero(given) == found


@pytest.mark.parametrize(
    ("given", "found"), [("a", "a"), (None, ""), (3, "3"), (True, "true"), ({"a": 1}, ""), ([1], "")]
)
def test_nested_values_have_no_text(given: object, found: str) -> None:
    assert values.text(given) == found


def test_an_integer_too_long_to_write_has_no_text() -> None:
    assert values.text(10**9000) == ""
