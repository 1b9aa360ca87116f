"""The charts of columns: how they go together, and how they are spread by class."""

from __future__ import annotations

import pytest

from cli.report.charts.by_class import MOST_CLASSES, by_class
from cli.report.charts.correlation import MOST_COLUMNS, correlation
from cli.report.markup import Html
from tests.cli.report.examples import Page


def drawn(chart: Html | None) -> Page:
    assert chart is not None
    return Page(chart)


def cells(page: Page, kind: str) -> list[dict[str, str]]:
    return [attributes for name, attributes in page.elements if name == "rect" and attributes.get("class") == kind]


def test_correlations_are_shaded_by_size_and_direction() -> None:
    page = drawn(correlation("c", ["age", "<b>", "y"], [[1, 0.5, None], [0.5, 1, -0.75], [None, -0.75, 1]]))
    assert len(cells(page, "cell")) == 5
    assert [each["fill-opacity"] for each in cells(page, "cell minus")] == ["0.450", "0.450"]
    assert "Closest: y and <b> -0.75; <b> and age +0.50." in " ".join(page.text.split())
    assert "−0.75" in page.text


def test_many_columns_are_drawn_without_numbers() -> None:
    names = [f"column {number}" for number in range(MOST_COLUMNS)]
    values: list[list[float | None]] = [[0.25] * MOST_COLUMNS for _ in names]
    page = drawn(correlation("c", names, values))
    assert len(cells(page, "cell")) == MOST_COLUMNS**2
    assert "0.25" not in [each.strip() for each in page.text.split("  ")]


@pytest.mark.parametrize(
    ("names", "values"),
    [([], []), (["a"], [[1.0]]), (["a", "b"], [[1.0, 0.0]]), (["a", "b"], [[1.0], [1.0]]),
     ([str(n) for n in range(MOST_COLUMNS + 1)], [[1.0] * (MOST_COLUMNS + 1)] * (MOST_COLUMNS + 1))],
)  # fmt: skip
def test_what_is_no_matrix_that_can_be_read_is_not_drawn(names: list[str], values: list[list[float | None]]) -> None:
    assert correlation("c", names, values) is None


def test_each_class_has_a_strip_shaded_by_its_own_rows() -> None:
    counts = {"no": [90.0, 10.0, 0.0], "yes": [0.0, 5.0, 5.0]}
    page = drawn(by_class("b", "age by class", counts, ("17", "90"), ["17 to 40", "40 to 60", "60 to 90"]))
    shades = [float(each["fill-opacity"]) for each in cells(page, "cell")]
    assert len(shades) == 6
    assert shades[0] == max(shades)
    assert shades[4] == shades[5] > shades[1]
    assert "no: mostly 17 to 40 (90 %); yes: mostly 40 to 60 (50 %)." in page.text


@pytest.mark.parametrize(
    "counts",
    [
        {},
        {"no": [1.0, 2.0]},
        {"no": [1.0, 2.0], "yes": [0.0, 0.0]},
        {"no": [1.0, 2.0], "yes": [1.0]},
        {str(number): [1.0, 1.0] for number in range(MOST_CLASSES + 1)},
    ],
)
def test_what_cannot_be_compared_is_not_drawn(counts: dict[str, list[float]]) -> None:
    assert by_class("b", "x", counts, ("a", "b"), ["a", "b"]) is None
