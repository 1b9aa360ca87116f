from __future__ import annotations

import pytest

from cli.report import wording


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0"),
        (0.05263, "0.05263"),
        (13.3699, "13.37"),
        (1234.5, "1,234"),
        (9316.2, "9,316"),
        (59505.3, "59,505"),
        (1e-9, "1.000e-09"),
        (1e20, "1.000e+20"),
        (-2.5, "-2.5"),
    ],
)
def test_measured_values_have_four_significant_digits(value: float, written: str) -> None:
    assert wording.figure(value) == written


def test_scores_get_as_many_decimals_as_it_takes_to_tell_them_apart() -> None:
    assert wording.scores_apart(0.9, 0.95) == ["0.9000", "0.9500"]
    assert wording.scores_apart(0.899996, 0.9) == ["0.899996", "0.900000"]
    assert wording.scores_apart(0.5, 0.5) == ["0.5000", "0.5000"]
    assert wording.scores_apart(0.1, 0.1 + 1e-16) == ["0.1", "0.1000000000000001"]


@pytest.mark.parametrize(
    ("part", "total", "written"),
    [
        (0, 10, "0 %"),
        (10, 10, "100 %"),
        (1, 3, "33.3 %"),
        (1, 100_000, "< 0.1 %"),
        (99_999, 100_000, "> 99.9 %"),
        (1, 0, "–"),
    ],
)
def test_shares_never_round_something_to_nothing(part: float, total: float, written: str) -> None:
    assert wording.share(part, total) == written


@pytest.mark.parametrize(
    ("seconds", "written"),
    [(0.01, "< 0.1 s"), (1.84, "1.8 s"), (59.97, "1 min 0 s"), (61, "1 min 1 s"), (3725, "1 h 2 min")],
)
def test_durations_use_the_units_that_matter(seconds: float, written: str) -> None:
    assert wording.duration(seconds) == written


@pytest.mark.parametrize(
    ("stamp", "written"),
    [
        ("2026-11-20T18:45:51.120+01:00", "2026-11-20 17:45:51 UTC"),
        ("2026-11-20T17:45:51Z", "2026-11-20 17:45:51 UTC"),
        ("yesterday", "yesterday"),
    ],
)
def test_times_are_in_utc(stamp: str, written: str) -> None:
    assert wording.moment(stamp) == written


@pytest.mark.parametrize(
    ("text", "width", "written"),
    [
        ("short", 5, "short"),
        ("longer", 5, "long…"),
        ("two words", 5, "two…"),
        ("a\n\tb", 5, "a b"),
        ("漢字漢字", 8, "漢字漢字"),
        ("漢字漢字", 7, "漢字漢…"),
        ("é" * 9, 4, "ééé…"),
        ("", 3, ""),
    ],
)
def test_names_are_cut_to_columns(text: str, width: int, written: str) -> None:
    assert wording.clip(text, width) == written
