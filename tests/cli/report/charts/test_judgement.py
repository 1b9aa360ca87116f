"""The charts of judgement: curves of several models, calibration, groups, contributions."""

from __future__ import annotations

from cli.report.charts.beeswarm import Swarm, beeswarm
from cli.report.charts.calibration import Bin, calibration
from cli.report.charts.curves import Frame, Line, curves
from cli.report.charts.forest import Group, forest
from cli.report.charts.gate import gate_line
from cli.report.markup import Html
from tests.cli.report.examples import Page

INFINITY = float("inf")


def drawn(chart: Html | None) -> Page:
    assert chart is not None
    return Page(chart)


def of_class(page: Page, name: str, kind: str) -> list[dict[str, str]]:
    return [attributes for element, attributes in page.elements if element == name and attributes.get("class") == kind]


def test_each_model_has_its_curve_and_its_entry() -> None:
    lines = [Line(kind, kind, [(0, 0), (0.5, 0.9), (1, 1)]) for kind in ("candidate", "baseline", "champion")]
    page = drawn(curves("c", Frame("Gain", "x", "y", "told", mark=0.5), lines))
    for kind in ("candidate", "baseline", "champion"):
        assert len(of_class(page, "path", f"line {kind}")) == 2, "chart and legend"
    assert len(of_class(page, "path", "threshold")) == 1


def test_points_out_of_range_or_not_finite_are_left_out() -> None:
    page = drawn(
        curves("c", Frame("Gain", "x", "y", "t"), [Line("candidate", "c", [(0.5, 0.5), (2, 1), (INFINITY, 0)])])
    )
    assert len(of_class(page, "circle", "mark candidate")) == 1
    assert curves("c", Frame("Gain", "x", "y", "t"), [Line("candidate", "c", [(5, 5)])]) is None
    assert curves("c", Frame("Gain", "x", "y", "t", None, None), []) is None


def test_a_curve_without_a_range_takes_that_of_its_points() -> None:
    page = drawn(curves("c", Frame("Cost", "x", "y", "t", y_range=None), [Line("candidate", "c", [(0, 40), (1, 90)])]))
    assert "60" in page.text


def test_calibration_draws_a_dot_with_its_interval_for_each_group() -> None:
    page = drawn(calibration("k", [Bin(0.1, 0.12, 0.05, 0.2, 40), Bin(0.9, 0.8, 0.7, 0.9, 40), Bin(2, 0, 0, 0, 1)]))
    assert len(of_class(page, "circle", "mark candidate")) == len(of_class(page, "path", "interval")) == 2
    assert "score 0.100: 12 % of 40 rows" in page.text
    assert calibration("k", []) is None


def test_groups_that_are_uncertain_look_uncertain() -> None:
    groups = [Group("f", 0.9, 0.88, 0.92), Group("x", 0.5, 0.1, 0.9, uncertain=True), Group("?", 0.4, None, None)]
    page = drawn(forest("f", "AUC by sex", groups, 0.85))
    assert len(of_class(page, "circle", "mark candidate")) == 2
    assert len(of_class(page, "circle", "mark uncertain")) == 1
    assert len(of_class(page, "path", "interval candidate")) == 1
    assert len(of_class(page, "path", "reference")) == 1
    assert forest("f", "t", [Group("f", INFINITY, None, None)]) is None


def test_contributions_are_coloured_by_rank_and_grey_without() -> None:
    page = drawn(beeswarm("s", [Swarm("age", [-1, 0.5, 2], [0, 0.5, 1]), Swarm("sex", [0.1, -0.1], [])], "log-odds"))
    assert [len(of_class(page, "path", f"swarm {shade}")) for shade in ("shade0", "shade2", "shade4", "plain")] == [
        1
    ] * 4
    assert "Contribution (log-odds)" in page.text
    assert beeswarm("s", [], "log-odds") is None
    assert beeswarm("s", [Swarm("age", [INFINITY], [None])], "log-odds") is None


def test_the_gate_shows_the_approved_model_and_the_interval() -> None:
    page = drawn(gate_line("g", 0.9, 0.8, True, 0.85, 0.95, (0.86, 0.94)))
    assert len(of_class(page, "path", "mark champion")) == len(of_class(page, "path", "interval")) == 1
    assert "the approved model is at 0.95." in page.text
