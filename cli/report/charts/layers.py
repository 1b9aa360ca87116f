"""Laying out a directed graph in layers: which steps stand side by side, and in what order, so few edges cross."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

_SWEEPS = 4


@dataclass(frozen=True)
class Edge:
    """An arrow between two steps; `label` is "if" or "else" where it leaves a condition for one of its branches."""

    source: str
    target: str
    label: str = ""


@dataclass(frozen=True)
class Bend:
    """Where an edge that spans several layers passes through one of those in between."""

    edge: Edge
    layer: int


Item = str | Bend
"""What stands in a layer: a step, by its name, or a bend."""
Piece = tuple[Item, Item]


@dataclass
class Arrangement:
    """Layers in order, each with its steps and bends in order; edges that would close a circle are left out."""

    layers: list[list[Item]]
    edges: list[Edge]
    bends: dict[Edge, list[Bend]] = field(default_factory=dict)

    def pieces(self, edge: Edge) -> list[Piece]:
        """Return an edge in pieces that lead from one layer to the next."""
        stops: list[Item] = [edge.source, *self.bends.get(edge, []), edge.target]
        return list(pairwise(stops))


def arrange(names: Sequence[str], edges: Sequence[Edge]) -> Arrangement:
    """Give each step the layer after the last step that it waits for, and order every layer."""
    forward = _acyclic(names, edges)
    level = _levels(names, forward)
    drawn = _without_shortcuts(forward, level)
    result = Arrangement([[] for _ in range(max(level.values(), default=-1) + 1)], drawn)
    for name in names:
        result.layers[level[name]].append(name)
    for edge in drawn:
        bends = [Bend(edge, layer) for layer in range(level[edge.source] + 1, level[edge.target])]
        if bends:
            result.bends[edge] = bends
        for bend in bends:
            result.layers[bend.layer].append(bend)
    _untangle(result)
    return result


def _acyclic(names: Sequence[str], edges: Sequence[Edge]) -> list[Edge]:
    """Return the edges between known steps, each once, without those that lead back (walked in document order)."""
    known = set(names)
    unique = {(edge.source, edge.target): edge for edge in reversed(edges) if {edge.source, edge.target} <= known}
    following: dict[str, list[Edge]] = {name: [] for name in names}
    for edge in edges:
        if unique.get((edge.source, edge.target)) is edge:
            following[edge.source].append(edge)
    kept: list[Edge] = []
    done: set[str] = set()
    for name in names:
        _walk(name, following, done, kept)
    return kept


def _walk(start: str, following: Mapping[str, list[Edge]], done: set[str], kept: list[Edge]) -> None:
    if start in done:
        return
    open_steps = {start: iter(following[start])}  # the way from the start to here, in order
    while open_steps:
        name, left = next(reversed(open_steps.items()))
        edge = next(left, None)
        if edge is None:
            done.add(name)
            del open_steps[name]
        elif edge.target not in open_steps:
            kept.append(edge)
            if edge.target not in done:
                open_steps[edge.target] = iter(following[edge.target])


def _levels(names: Sequence[str], edges: Sequence[Edge]) -> dict[str, int]:
    """Return the length of the longest way to each step."""
    level = dict.fromkeys(names, 0)
    waiting = dict.fromkeys(names, 0)
    following: dict[str, list[str]] = {name: [] for name in names}
    for edge in edges:
        waiting[edge.target] += 1
        following[edge.source].append(edge.target)
    ready = [name for name in names if waiting[name] == 0]
    for name in ready:  # grows while it is walked
        for target in following[name]:
            level[target] = max(level[target], level[name] + 1)
            waiting[target] -= 1
            if waiting[target] == 0:
                ready.append(target)
    return level


def _without_shortcuts(edges: Sequence[Edge], level: Mapping[str, int]) -> list[Edge]:
    """Leave out an edge where a longer way says the same; the arrows out of a condition always stay."""
    following: dict[str, list[str]] = {}
    for edge in edges:
        following.setdefault(edge.source, []).append(edge.target)
    return [edge for edge in edges if edge.label or not _detour(edge, following, level)]


def _detour(edge: Edge, following: Mapping[str, list[str]], level: Mapping[str, int]) -> bool:
    ahead = [name for name in following[edge.source] if name != edge.target]
    seen = set(ahead)
    while ahead:
        name = ahead.pop()
        if name == edge.target:
            return True
        new = [after for after in following.get(name, []) if after not in seen and level[after] <= level[edge.target]]
        seen.update(new)
        ahead.extend(new)
    return False


def _untangle(arrangement: Arrangement) -> None:
    """Order each layer by where its neighbours stand, sweeping forth and back."""
    links = [piece for edge in arrangement.edges for piece in arrangement.pieces(edge)]
    before: dict[Item, list[Item]] = {}
    after: dict[Item, list[Item]] = {}
    for source, target in links:
        after.setdefault(source, []).append(target)
        before.setdefault(target, []).append(source)
    layers = arrangement.layers
    for sweep in range(_SWEEPS):
        ahead = sweep % 2 == 0
        order = range(1, len(layers)) if ahead else range(len(layers) - 2, -1, -1)
        for index in order:
            beside = layers[index - 1 if ahead else index + 1]
            layers[index] = _ordered(layers[index], beside, before if ahead else after)


def _ordered(layer: list[Item], beside: Sequence[Item], links: Mapping[Item, list[Item]]) -> list[Item]:
    place = {item: (index + 0.5) / len(beside) for index, item in enumerate(beside)}
    own = {item: (index + 0.5) / len(layer) for index, item in enumerate(layer)}

    def centre(item: Item) -> float:
        found = [place[other] for other in links.get(item, []) if other in place]
        return sum(found) / len(found) if found else own[item]

    return sorted(layer, key=centre)
