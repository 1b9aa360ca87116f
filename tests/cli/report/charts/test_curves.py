"""The charts of lines and dots: learning curve, ROC, predicted against actual, residuals, gate."""

from __future__ import annotations

import pytest

from cli.report.charts.gate import gate_line
from cli.report.charts.learning_curve import learning_curve
from cli.report.charts.predicted_actual import predicted_actual
from cli.report.charts.residuals import residual_histogram, residuals
from cli.report.charts.roc import Curve, roc
from cli.report.markup import Html
from tests.cli.report.examples import Page


def drawn(chart: Html | None) -> Page:
    assert chart is not None
    return Page(chart)


def paths(page: Page, kind: str) -> list[str]:
    return [a["d"] for name, a in page.elements if name == "path" and a.get("class") == kind]


def test_a_learning_curve_marks_the_best_round_on_validation_rows() -> None:
    page = drawn(learning_curve("l", "Train", "logloss", [0.6, 0.3, 0.1], [0.6, 0.4, 0.45]))
    assert "Best on the validation rows: 0.4000 (round 1, counted from 0)." in page.text
    rising = drawn(learning_curve("l", "Train", "auc", [], [0.6, 0.4, 0.9]))
    assert "Best on the validation rows: 0.9000 (round 2, counted from 0)." in rising.text
    assert "Training rows" not in rising.text


def test_a_learning_curve_of_one_round_is_a_dot() -> None:
    page = drawn(learning_curve("l", "Train", "auc", [0.5], [0.6]))
    assert [name for name, _ in page.elements].count("circle") == 2
    assert "Best" not in page.text


def test_a_learning_curve_without_drawable_values_is_nothing() -> None:
    assert learning_curve("l", "Train", "auc", [], []) is None
    assert learning_curve("l", "Train", "auc", [1e305], []) is None


def test_a_long_learning_curve_keeps_its_ends_and_its_best() -> None:
    series = [float(abs(index - 7001)) for index in range(10_000)]
    page = drawn(learning_curve("l", "Train", "rmse", series, series))
    assert len(paths(page, "line candidate")[0].split("L")) == 300
    assert "(round 7001, counted from 0)" in page.text


def test_an_roc_curve_has_both_models_and_the_line_of_guessing() -> None:
    curves = [Curve("candidate", [0, 0.1, 1], [0, 0.9, 1], 0.95), Curve("baseline", [0, 1], [0, 1], None)]
    page = drawn(roc("r", curves))
    assert (len(paths(page, "line candidate")), len(paths(page, "line baseline"))) == (1 + 1, 1 + 1)  # chart, legend
    assert "Candidate (area 0.9500)" in page.text
    assert len(paths(page, "reference")) == 1


@pytest.mark.parametrize("curves", [[], [Curve("candidate", [], [], 0.9)], [Curve("candidate", [2, -1], [0, 0], None)]])
def test_an_roc_curve_without_points_is_nothing(curves: list[Curve]) -> None:
    assert roc("r", curves) is None


def test_an_roc_curve_of_one_point_is_a_dot() -> None:
    page = drawn(roc("r", [Curve("candidate", [0.5], [0.5], None)]))
    assert "circle" in page.names()


def test_an_roc_curve_of_many_points_is_thinned() -> None:
    rates = [index / 99_999 for index in range(100_000)]
    page = drawn(roc("r", [Curve("candidate", rates, rates, None)]))
    points = paths(page, "line candidate")[0].split("L")
    assert len(points) == 250
    assert len(page.page) < 10_000


def test_every_row_is_a_dot_and_the_diagonal_runs_from_corner_to_corner() -> None:
    page = drawn(predicted_actual("p", [(1, 1.5), (2, 1.75), (4, 4.5)]))
    assert paths(page, "dots")[0].count("M") == 3
    assert paths(page, "reference") == ["M68 276L428 10"]


def test_predictions_that_cannot_be_drawn_are_left_out() -> None:
    assert predicted_actual("p", []) is None
    assert predicted_actual("p", [(1e305, 1)]) is None
    assert paths(drawn(predicted_actual("p", [(3, 3)])), "dots")[0].count("M") == 1


def test_residuals_say_how_many_predictions_are_too_low() -> None:
    assert "too low (25 % of the rows)" in drawn(residuals("r", [-2, 0, 2], [1, 3])).text


@pytest.mark.parametrize(
    ("edges", "counts"),
    [([], []), ([0, 1], [0]), ([1, 0], [3]), ([0, 0], [3]), ([0, 1], [1, 2]), ([0, 1], [-1]), ([0, 1e305], [1])],
)
def test_residuals_that_are_no_histogram_are_nothing(edges: list[float], counts: list[float]) -> None:
    assert residuals("r", edges, counts) is None


@pytest.mark.parametrize("pairs", [[(1.0, 1.0)], [(0.0, 0.0), (0.0, 1e-300)], [(1e9, 2e9), (5.0, 1.0)]])
def test_residuals_are_counted_from_rows(pairs: list[tuple[float, float]]) -> None:
    edges, counts = residual_histogram(pairs)
    assert sum(counts) == len(pairs)
    assert residuals("r", edges, counts) is not None


def test_no_rows_have_no_residuals() -> None:
    assert residual_histogram([]) == ([], [])


def test_the_gate_shades_the_side_that_passes() -> None:
    above, below = gate_line("g", 0.95, 0.9, True, 0.93), gate_line("g", 0.95, 0.9, False, None)
    shaded = [next(a for _, a in drawn(chart).elements if a.get("class") == "passing") for chart in (above, below)]
    edges = [(float(a["x"]), float(a["x"]) + float(a["width"])) for a in shaded]
    assert edges[0][1] == 426
    assert edges[1][0] == 14
    assert "the baseline is at 0.93" in drawn(above).text
    assert "baseline" not in drawn(below).text


def test_a_gate_of_equal_values_is_drawn_and_one_beyond_arithmetic_is_not() -> None:
    assert gate_line("g", 0.0, 0.0, True, 0.0) is not None
    assert gate_line("g", 1e305, 0.0, True, None) is None
