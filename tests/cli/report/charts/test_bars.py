"""The charts of bars and cells: histograms, tables with bars, confusion matrix."""

from __future__ import annotations

import pytest

from cli.report.charts.bar_table import bar_table
from cli.report.charts.confusion import MOST_CLASSES, confusion
from cli.report.charts.histogram import sparkline
from cli.report.charts.target import target_histogram
from cli.report.markup import Html
from tests.cli.report.examples import Page


def drawn(chart: Html | None) -> Page:
    assert chart is not None
    return Page(chart)


def bars(page: Page) -> int:
    return next(a["d"] for name, a in page.elements if name == "path" and a.get("class") == "bars").count("M")


def test_a_sparkline_has_a_bar_for_each_count_that_is_not_zero() -> None:
    page = drawn(sparkline([1, 0, 1_000_000], "Distribution of width"))
    assert bars(page) == 2
    assert "Distribution of width" in page.text


def test_a_sparkline_of_many_bins_adds_neighbours_together() -> None:
    assert bars(drawn(sparkline([1.0] * 1000, "d"))) == 40


@pytest.mark.parametrize("counts", [[], [0, 0], [-1]])
def test_a_sparkline_of_nothing_is_nothing(counts: list[float]) -> None:
    assert sparkline(counts, "d") is None


def test_a_numeric_target_is_a_histogram() -> None:
    assert bars(drawn(target_histogram("t", "Target: rings", [0, 1, 2, 3], [4, 0, 2]))) == 2
    assert target_histogram("t", "Target", [], []) is None
    assert target_histogram("t", "Target", [1, 2], [0]) is None


def test_bars_are_relative_to_the_largest() -> None:
    page = drawn(bar_table("Importance", ("Feature", "Gain"), [("a", 4, "4"), ("b", 1, "1"), ("c", 0, "0")]))
    assert [a["width"] for name, a in page.elements if name == "rect"] == ["100.0%", "25.0%", "0.0%"]
    assert bar_table("Importance", ("Feature", "Gain"), []) is None
    assert drawn(bar_table("Importance", ("Feature", "Gain"), [("a", 0, "0")])).text


def test_a_confusion_matrix_says_what_was_taken_for_what() -> None:
    page = drawn(confusion("c", ["no", "yes"], [[40, 2], [3, 15]]))
    assert "no taken for yes: 2 (4.8 %)" in page.text
    assert "91.7 % of 60 test rows on the diagonal" in page.text
    inks = [a["fill-opacity"] for name, a in page.elements if name == "rect"]
    assert inks == ["0.476", "0.024", "0.083", "0.417"]


@pytest.mark.parametrize(
    ("classes", "numbers"), [(1, True), (2, True), (3, True), (12, True), (13, False), (MOST_CLASSES, False)]
)
def test_cells_have_numbers_while_there_is_room(classes: int, numbers: bool) -> None:
    labels = [f"a class with a long name {index}" for index in range(classes)]
    page = drawn(confusion("c", labels, [[7.0] * classes for _ in range(classes)]))
    assert [name for name, _ in page.elements].count("rect") == classes**2
    assert ("count" in page.classes()) is numbers


@pytest.mark.parametrize("classes", [0, MOST_CLASSES + 1])
def test_no_classes_or_too_many_are_not_drawn(classes: int) -> None:
    assert confusion("c", ["x"] * classes, [[1.0] * classes] * classes) is None


def test_a_class_without_rows_is_drawn_empty_and_no_rows_at_all_are_not() -> None:
    assert confusion("c", ["a", "b"], [[0, 0], [0, 0]]) is None
    assert "a taken for a: 0 (–)" in drawn(confusion("c", ["a", "b"], [[0, 0], [0, 5]])).text
