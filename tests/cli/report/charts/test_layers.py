from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cli.report.charts.layers import Bend, Edge, arrange


def named(layers: list[list[str | Bend]]) -> list[list[str]]:
    return [
        [item if isinstance(item, str) else f"{item.edge.source}>{item.edge.target}" for item in layer]
        for layer in layers
    ]


def test_steps_stand_behind_the_last_step_they_wait_for() -> None:
    edges = [Edge("a", "b"), Edge("a", "c"), Edge("b", "d"), Edge("c", "d"), Edge("c", "e"), Edge("e", "d")]
    assert named(arrange("abcde", edges).layers) == [["a"], ["b", "c"], ["b>d", "e"], ["d"]]


def test_shortcuts_are_left_out_and_branches_stay() -> None:
    edges = [Edge("a", "b"), Edge("b", "c"), Edge("a", "c"), Edge("a", "d", "if"), Edge("b", "d")]
    kept = arrange("abcd", edges).edges
    assert Edge("a", "c") not in kept
    assert Edge("a", "d", "if") in kept


def test_an_order_without_crossings_is_found() -> None:
    edges = [Edge("a", "y"), Edge("b", "x")]
    layers = named(arrange(["a", "b", "x", "y"], edges).layers)
    assert layers == [["a", "b"], ["y", "x"]]


def test_circles_unknown_steps_and_loops_do_no_harm() -> None:
    edges = [Edge("a", "b"), Edge("b", "c"), Edge("c", "a"), Edge("a", "a"), Edge("a", "gone"), Edge("a", "b")]
    found = arrange("abc", edges)
    assert named(found.layers) == [["a"], ["b"], ["c"]]
    assert found.edges == [Edge("a", "b"), Edge("b", "c")]


def test_no_steps_have_no_layers() -> None:
    assert arrange([], []).layers == []


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.sampled_from(["", "if"])), max_size=40))
def test_every_step_stands_once_and_every_edge_leads_ahead(pairs: list[tuple[int, int, str]]) -> None:
    names = [f"step{index}" for index in range(10)]
    found = arrange(names, [Edge(names[source], names[target], label) for source, target, label in pairs])
    level = {item: index for index, layer in enumerate(found.layers) for item in layer if isinstance(item, str)}
    assert sorted(level) == sorted(names)
    assert sum(map(len, found.layers)) == len(names) + sum(map(len, found.bends.values()))
    assert all(level[edge.source] < level[edge.target] for edge in found.edges)
    assert all(len(found.bends.get(e, [])) == level[e.target] - level[e.source] - 1 for e in found.edges)
    assert all(found.layers) or not pairs


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=30))
def test_what_can_be_reached_stays_reachable(pairs: list[tuple[int, int]]) -> None:
    names = [f"step{index}" for index in range(8)]
    ahead = [Edge(names[min(pair)], names[max(pair)]) for pair in pairs if pair[0] != pair[1]]
    kept = arrange(names, ahead).edges
    assert reached(names, ahead) == reached(names, kept)


def reached(names: list[str], edges: list[Edge]) -> dict[str, set[str]]:
    """Return all steps behind each step; edges lead from earlier names to later ones."""
    behind: dict[str, set[str]] = {}
    for name in reversed(names):
        targets = {edge.target for edge in edges if edge.source == name}
        behind[name] = targets.union(*(behind[target] for target in targets))
    return behind
