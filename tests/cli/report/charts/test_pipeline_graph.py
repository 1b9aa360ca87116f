from __future__ import annotations

from typing import Any

import pytest

from cli.report.charts.layers import Edge
from cli.report.charts.pipeline_graph import MOST_STEPS, edges, pipeline_graph
from tests.cli.report import examples
from tests.cli.report.examples import Page, step


def graph(steps: list[dict[str, Any]], across: bool = True) -> Page:
    made = pipeline_graph("g", steps, across)
    assert made is not None
    return Page(made)


def test_arrows_come_from_dependencies_and_from_conditions_into_their_branches() -> None:
    branch = {"condition": "Gate", "when": True}
    steps = [
        step("Gate", "Condition", depends_on=["Evaluate"]),
        step("Create", "Model", branch=branch, depends_on=["Train"]),
        step("Deploy", "Endpoint", branch=branch, depends_on=["Create"]),
        step("Stop", "Fail", branch={"condition": "Gate", "when": False}),
    ]
    assert edges(steps) == [
        Edge("Evaluate", "Gate"),
        Edge("Gate", "Create", "if"),
        Edge("Train", "Create"),
        Edge("Create", "Deploy"),
        Edge("Gate", "Stop", "else"),
    ]


@pytest.mark.parametrize("across", [True, False])
def test_nodes_carry_name_kind_state_and_time_within_the_picture(across: bool) -> None:
    page = graph(examples.steps(), across)
    for words in (
        "TrainBaseline",
        "From the cache",
        "Condition: true",
        "Succeeded, 1.8 s",
        "Not executed",
        "if",
        "else",
    ):
        assert words in page.text
    width, height = map(float, page.elements[0][1]["viewbox"].split()[2:])
    places = [(float(a["x"]), float(a["y"])) for name, a in page.elements if name == "text"]
    assert len(places) == 7 * 3 + 2
    assert all(0 < x < width and 0 < y < height for x, y in places)
    assert (width > height) is across


def test_states_differ_in_shape_and_not_in_colour_alone() -> None:
    states = ("Succeeded", "Failed", "Executing", "Stopped", "NotExecuted", "Waiting")
    page = graph([step(status, "Training", status) for status in states])
    signs = [a["d"] for name, a in page.elements if name == "path" and a.get("class", "").startswith("sign")]
    assert len(set(signs)) == len(states)


def test_the_picture_is_put_in_words() -> None:
    assert (
        "Evaluate (Processing): Succeeded, 1.8 s, after Prepare, TrainBaseline, Train." in graph(examples.steps()).text
    )


def test_one_step_is_a_graph_and_none_or_too_many_are_not() -> None:
    assert "Only" in graph([step("Only", "Training")]).text
    assert pipeline_graph("g", [], across=True) is None
    many = [step(f"s{index}", "Training") for index in range(MOST_STEPS + 1)]
    assert pipeline_graph("g", many, across=True) is None
    assert pipeline_graph("g", many[1:], across=False) is not None
