"""The chart of a search: a dot for each trial, and the line of the best so far."""

from __future__ import annotations

import pytest

from cli.report.charts.trials import Point, trials
from tests.cli.report.examples import Page


def page(*points: Point, minimize: bool = False) -> Page:
    chart = trials("t", "AUC by trial", "trial", "AUC", points, minimize)
    assert chart is not None
    return Page(chart)


def line(drawn: Page) -> list[tuple[float, float]]:
    data = next(a["d"] for name, a in drawn.elements if a.get("class") == "line candidate" and "M68" in a["d"])
    points = [point.split(" ") for point in data.removeprefix("M").split("L")]
    return [(float(x), float(y)) for x, y in points]


def test_the_line_steps_where_a_trial_is_better_and_runs_to_the_last() -> None:
    drawn = page(Point(1, 0.5, True), Point(2, 0.7, True), Point(3, 0.6, True))
    corners = line(drawn)
    assert [x for x, _ in corners] == [68, 248, 248, 428]
    assert corners[0][1] == corners[1][1] > corners[2][1] == corners[3][1]  # pixels count downwards
    assert "The best, 0.7000, is trial 2." in drawn.text


def test_the_line_falls_where_less_is_better() -> None:
    corners = line(page(Point(1, 0.5, True), Point(2, 0.4, True), Point(3, 0.6, True), minimize=True))
    assert corners[2][1] > corners[0][1]


def test_a_trial_that_was_cut_short_is_hollow_and_never_the_best() -> None:
    drawn = page(Point(1, 0.5, True), Point(2, 0.9, False))
    assert [a["class"] for _, a in drawn.elements if a.get("class", "").startswith("trial")] == ["trial", "trial cut"]
    assert "Hollow: cut short (1). The best, 0.5000, is trial 1." in drawn.text


def test_without_a_complete_trial_there_is_no_line() -> None:
    drawn = page(Point(1, 0.9, False), Point(2, 0.8, False))
    assert "Best so far" not in drawn.text


@pytest.mark.parametrize("value", [0.0, -4.0, 1e12])
def test_a_single_trial_is_drawn(value: float) -> None:
    assert "mark candidate" in " ".join(a.get("class", "") for _, a in page(Point(1, value, True)).elements)


def test_what_cannot_be_drawn_is_left_out() -> None:
    assert trials("t", "AUC by trial", "trial", "AUC", [], minimize=False) is None
    assert trials("t", "AUC by trial", "trial", "AUC", [Point(1, 1e305, True)], minimize=False) is None
