"""Durations and numbers as people read them."""

from __future__ import annotations

import pytest

from cli.view.words import number, seconds


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (0.04, "0.0 s"),
        (9.94, "9.9 s"),
        (12.4, "12 s"),
        (59.7, "1 min 00 s"),
        (185, "3 min 05 s"),
        (7800, "2 h 10 min"),
    ],
)
def test_seconds(value: float | None, shown: str) -> None:
    assert seconds(value) == shown


@pytest.mark.parametrize(("value", "shown"), [(0.99537, "0.9954"), (54.321, "54.32"), (123456.7, "123,457")])
def test_number(value: float, shown: str) -> None:
    assert number(value) == shown
