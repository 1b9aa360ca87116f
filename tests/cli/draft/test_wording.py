from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cli.draft.wording import number, one_line, scalar, share
from config.yaml_text import read


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_every_text_is_written_so_that_it_reads_back(text: str) -> None:
    written = f"a: {scalar(text)}\n"
    assert yaml.safe_load(written) == {"a": text}
    assert read(written).values == {"a": text}


@pytest.mark.parametrize("text", ["income", ">50K", "yes", "1", "a b", "2020-01-01", "1e3", "../data/t.csv"])
def test_only_what_needs_quotes_gets_them(text: str) -> None:
    assert (scalar(text) == text) is (text in ("income", "a b", "../data/t.csv"))


def test_a_text_is_kept_to_one_short_line() -> None:
    assert one_line("a\nb\x1b[31m") == "a·b·[31m"
    assert len(one_line("x" * 100)) == 40


def test_shares_are_never_rounded_away() -> None:
    assert [share(*each) for each in ((1, 100_000), (99_999, 100_000), (1, 4), (1, 1), (0, 5))] == [
        "under 0.1 %",
        "over 99.9 %",
        "25 %",
        "100 %",
        "0 %",
    ]


def test_numbers_have_four_digits() -> None:
    assert [number(value) for value in (1077.6, 0.123456, 9, 1e20, -12345.6)] == [
        "1,078",
        "0.1235",
        "9",
        "1e+20",
        "-12,346",
    ]
