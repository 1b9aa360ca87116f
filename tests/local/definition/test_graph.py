from __future__ import annotations

import pytest

from local.definition.graph import branches, cycles
from local.definition.model import parse
from tests.local.definition.builders import condition, definition, function


@pytest.mark.parametrize(
    ("edges", "found"),
    [
        ({"a": [], "b": ["a"], "c": ["a", "b"]}, []),
        ({"a": ["a"]}, [["a", "a"]]),
        ({"a": ["b"], "b": ["a"]}, [["a", "b", "a"]]),
        ({"a": ["b"], "b": ["c"], "c": ["a"], "d": ["c"]}, [["a", "b", "c", "a"]]),
        ({"a": ["b"], "b": ["a"], "c": ["d"], "d": ["c"]}, [["a", "b", "a"], ["c", "d", "c"]]),
        ({"a": ["b", "c"], "b": ["c"], "c": ["a"]}, [["a", "c", "a"]]),
    ],
)
def test_finds_each_group_of_steps_that_wait_for_one_another(
    edges: dict[str, list[str]], found: list[list[str]]
) -> None:
    assert cycles(edges) == found


def test_follows_chains_of_any_length() -> None:
    edges = {str(i): [str(i + 1)] for i in range(20_000)} | {"20000": ["0"]}

    (way,) = cycles(edges)
    assert (len(way), way[0], way[-1]) == (20_002, "0", "0")


def test_lists_the_branches_around_a_step_innermost_first() -> None:
    steps = parse(definition(condition("Outer", otherwise=[condition("Inner", then=[function()])]))).steps

    assert branches(steps["Notify"], steps) == [("Inner", True), ("Outer", False)]
    assert branches(steps["Outer"], steps) == []
