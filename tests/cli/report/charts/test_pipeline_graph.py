from __future__ import annotations

import math
import re
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


@pytest.mark.parametrize("count", [6, 11, MOST_STEPS])
def test_a_long_pipeline_goes_on_in_rows_below_and_is_no_wider_than_the_page(count: int) -> None:
    names = [f"s{index:03}" for index in range(count)]
    page = graph([step(name, "Training", depends_on=names[:index][-1:]) for index, name in enumerate(names)])
    width, height = map(float, page.elements[0][1]["viewbox"].split()[2:])
    assert width < 1100
    places = [
        (float(a["x"]), float(a["y"])) for kind, a in page.elements if a.get("class") == "name" and kind == "text"
    ]
    assert len(set(places)) == count
    assert all(0 < x < width and 0 < y < height for x, y in places)
    lines = [a["d"] for kind, a in page.elements if kind == "path" and a.get("class") == "edge"]
    assert len(lines) == count - 1
    assert sum("Q" in line for line in lines) == math.ceil(count / 5) - 1  # those that turn into the next row


def test_arrows_that_turn_into_the_next_row_keep_apart_and_within_the_picture() -> None:
    names = [f"{letter}{index}" for index in range(6) for letter in "abc"]
    page = graph([step(name, "Training", depends_on=names[:index][-3:-2]) for index, name in enumerate(names)])
    size = [float(number) for number in page.elements[0][1]["viewbox"].split()[2:]]
    lines = [a["d"] for kind, a in page.elements if kind == "path" and a.get("class") == "edge"]
    turning = [[float(number) for number in re.findall(r"-?[\d.]+", line)] for line in lines if "Q" in line]
    assert len(turning) == 3
    for line in turning:
        assert all(0 < x < size[0] and 0 < y < size[1] for x, y in zip(line[::2], line[1::2], strict=True))
    assert len({max(line[::2]) for line in turning}) == 3
    assert len({min(line[::2]) for line in turning}) == 3


def test_a_branch_that_goes_on_in_the_next_row_keeps_its_label() -> None:
    names = [f"g{index}" for index in range(6)]
    branches = [None, *({"condition": name, "when": True} for name in names)]
    page = graph([step(name, "Condition", branch=branch) for name, branch in zip(names, branches, strict=False)])
    width, height = map(float, page.elements[0][1]["viewbox"].split()[2:])
    labels = [(float(a["x"]), float(a["y"])) for _, a in page.elements if a.get("class") == "tick branch"]
    assert len(labels) == 5
    assert all(15 < x < width - 15 and 9 < y < height - 9 for x, y in labels)


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
