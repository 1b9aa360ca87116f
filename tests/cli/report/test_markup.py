from __future__ import annotations

import pytest

from cli.report.markup import Html, decimal, escape, markup, tag


def test_text_is_escaped_and_markup_is_not() -> None:
    assert tag("p", "a < b & c", tag("b", "d")) == "<p>a &lt; b &amp; c<b>d</b></p>"


def test_attributes_are_escaped_and_named_as_markup_names_them() -> None:
    made = tag("td", class_='a"b', data_label="'<x>'", viewBox="0 0 1 1", width=1.5)
    assert made == '<td class="a&quot;b" data-label="&#39;&lt;x&gt;&#39;" viewBox="0 0 1 1" width="1.5"></td>'


def test_attributes_can_be_left_out_or_stand_alone() -> None:
    assert tag("meta", name=None, hidden=False, open=True) == "<meta open>"


def test_pieces_are_joined_in_order_and_nothing_is_nothing() -> None:
    assert markup("a", None, ["b", ["c", None]], 3, 0.25, Html("<br>")) == "abc30.25<br>"


def test_escaping_twice_changes_nothing() -> None:
    assert escape(escape("<")) == "&lt;"


def test_characters_that_no_page_may_hold_are_replaced() -> None:
    assert escape("a\x00b\x1bc\ud800d\u202ee\tf\n") == "a\ufffdb\ufffdc\ufffdd\ufffde\tf\n"


@pytest.mark.parametrize(
    ("value", "written"), [(3, "3"), (2.0, "2"), (1.239, "1.24"), (-0.001, "0"), (1e20, "100000000000000000000")]
)
def test_coordinates_are_short_and_have_no_exponent(value: float, written: str) -> None:
    assert decimal(value) == written


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_numbers_that_are_not_finite_are_refused(value: float) -> None:
    with pytest.raises(ValueError, match="leave values that are not finite out of charts"):
        decimal(value)
