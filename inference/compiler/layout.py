"""Lays a forest out as the tables that the C program walks.

Thresholds become ranks. A feature's distinct thresholds are sorted, a value is turned once per row into the number of
thresholds it reaches (`value >= threshold`), and a node compares small whole numbers: `value < threshold` holds exactly
where the value's rank is not above the threshold's place. That is exact for every number, ties, infinities and
denormals included, and lets most nodes shrink to two bytes. A missing value (NaN) has two ranks, in two slots: the
lowest one for nodes that send it left, the highest for those that send it right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.compiler.errors import CompileError
from inference.compiler.forest import Forest, Tree

BLOCK = 16
"""Trees whose leaves are looked up before they are added, in the order of the forest."""
FULL_DEPTH = 8
"""The deepest tree that is laid out complete, with every path as long as the longest."""
HEAD = 6
"""The levels of all other trees that are laid out complete, before nodes name their children.

Of every tree, the most that many rows are asked at once by vectors.
"""

_SPARE = 4  # A complete tree may have this many times the leaves of the real one.
_MOST_BYTES = 256 << 20

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Run:
    """Neighbouring trees of one shape within a block. `inner` is 0 for complete trees, else the tree's inner nodes."""

    depth: int
    trees: int
    node: int
    leaf: int
    inner: int
    child: int
    """Where the children of the tree's nodes start, those of the lowest level of its head first."""
    places: tuple[int, ...]
    """Where in the block's leaves each tree's goes."""


@dataclass(frozen=True)
class Layout:
    """The tables. `columns[i]` is the input column that has the thresholds `cuts[starts[i]:starts[i + 1]]`."""

    columns: Integers
    starts: Integers
    cuts: NDArray[np.float32]
    slots: Integers
    ranks: Integers
    """What each inner node compares, level by level."""
    children: Integers
    """To the left and to the right of each node below a head, by place in the tree; leaves come after inner nodes."""
    leaves: NDArray[np.floating[Any]]
    blocks: tuple[tuple[Run, ...], ...]
    groups: Integers

    @property
    def most_cuts(self) -> int:
        """The most thresholds that a feature has."""
        return int(np.diff(self.starts).max(initial=0))


@dataclass(frozen=True)
class _Shape:
    """A tree by levels: the nodes at each depth, from the root down."""

    levels: tuple[Integers, ...]
    leaves: int

    @property
    def depth(self) -> int:
        return len(self.levels) - 1

    @property
    def full(self) -> bool:
        return self.depth <= FULL_DEPTH and (1 << self.depth) <= max(_SPARE * self.leaves, 16)


def lay_out(forest: Forest) -> Layout:
    """The tables of a forest; raises CompileError where they would be larger than 256 MiB."""
    tests = _tests(forest)
    packer = _Packer(tests)
    shapes = [_shape(tree) for tree in forest.trees]
    blocks = tuple(
        tuple(packer.block(forest.trees[start : start + BLOCK], shapes[start : start + BLOCK], start))
        for start in range(0, len(shapes), BLOCK)
    )
    return packer.finish(blocks, np.array([tree.group for tree in forest.trees], dtype=np.int64))


@dataclass(frozen=True)
class _Tests:
    """What nodes ask: the columns and their thresholds, and by tree each node's slot and rank (0 at leaves)."""

    columns: Integers
    starts: Integers
    cuts: NDArray[np.float32]
    slots: tuple[Integers, ...]
    ranks: tuple[Integers, ...]


def _tests(forest: Forest) -> _Tests:
    inner = [tree.left >= 0 for tree in forest.trees]
    pairs = list(zip(forest.trees, inner, strict=True))
    features = np.concatenate([np.empty(0, np.int64), *(tree.feature[chosen] for tree, chosen in pairs)])
    values = np.concatenate([np.empty(0, np.float32), *(tree.threshold[chosen] for tree, chosen in pairs)])
    lefts = np.concatenate([np.empty(0, np.bool_), *(tree.missing_left[chosen] for tree, chosen in pairs)])
    if len(features) and features.max() >= forest.width:
        raise CompileError(f"a tree asks for feature {features.max()}, and the model takes {forest.width}.")
    values = values + np.float32(0.0)  # -0 and 0 are one threshold
    order = np.lexsort((values, features))
    ordered, cuts = features[order], values[order]
    fresh = np.ones(len(order), dtype=np.bool_)
    fresh[1:] = (np.diff(ordered) != 0) | (cuts[1:] != cuts[:-1])
    columns, firsts = np.unique(ordered[fresh], return_index=True)
    place = np.searchsorted(columns, features)
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.cumsum(fresh) - 1
    rank -= firsts[place] if len(firsts) else 0
    # The slots of values that go right where they are missing come second.
    slot = place + np.where(lefts, 0, len(columns))
    ends = np.cumsum([chosen.sum() for chosen in inner], dtype=np.int64)[:-1]
    return _Tests(
        columns=columns.astype(np.int64),
        starts=np.append(firsts, fresh.sum()).astype(np.int64),
        cuts=cuts[fresh],
        slots=_spread(slot, ends, inner),
        ranks=_spread(rank, ends, inner),
    )


def _spread(values: Integers, ends: Integers, inner: Sequence[NDArray[np.bool_]]) -> tuple[Integers, ...]:
    """Values of all inner nodes, as arrays over each tree's nodes."""
    found = []
    for chosen, part in zip(inner, np.split(values, ends) if inner else [], strict=True):
        full = np.zeros(len(chosen), dtype=np.int64)
        full[chosen] = part
        found.append(full)
    return tuple(found)


def _shape(tree: Tree) -> _Shape:
    levels = [np.zeros(1, dtype=np.int64)]
    seen = leaves = 0
    while True:
        here = levels[-1]
        inner = here[tree.left[here] >= 0]
        seen, leaves = seen + len(here), leaves + len(here) - len(inner)
        if not len(inner):
            return _Shape(tuple(levels), leaves)
        if seen > len(tree.left):
            raise CompileError("a tree leads back to a node it came from; the model file is damaged.")
        levels.append(np.column_stack([tree.left[inner], tree.right[inner]]).ravel().astype(np.int64))


def _complete(tree: Tree, depth: int) -> list[Integers]:
    """The nodes of each level down to a depth, as if the tree were complete: a leaf stands for all below it."""
    levels = [np.zeros(1, dtype=np.int64)]
    for _ in range(depth):
        nodes = levels[-1]
        inner = tree.left[nodes] >= 0
        left = np.where(inner, tree.left[nodes], nodes)
        right = np.where(inner, tree.right[nodes], nodes)
        levels.append(np.column_stack([left, right]).ravel().astype(np.int64))
    return levels


class _Packer:
    """Collects trees' tables."""

    def __init__(self, tests: _Tests) -> None:
        self._tests = tests
        self._nodes: list[tuple[Integers, Integers]] = []
        self._children: list[Integers] = []
        self._leaves: list[NDArray[np.floating[Any]]] = []
        self._counts = {"nodes": 0, "children": 0, "leaves": 0}
        self._nodes_read = self._children_read = 0

    def block(self, trees: Sequence[Tree], shapes: Sequence[_Shape], first: int) -> list[Run]:
        """The runs of a block of trees from the `first` on: complete ones by their depth, then the others singly."""
        runs = []
        for depth in sorted({shape.depth for shape in shapes if shape.full}):
            places = [place for place, shape in enumerate(shapes) if shape.full and shape.depth == depth]
            node, leaf = self._counts["nodes"], self._counts["leaves"]
            for place in places:
                self._add_full(trees[place], depth, first + place)
            runs.append(Run(depth, len(places), node, leaf, 0, 0, tuple(places)))
        for place, (tree, shape) in enumerate(zip(trees, shapes, strict=True)):
            if not shape.full:
                node, leaf, child = (self._counts[what] for what in ("nodes", "leaves", "children"))
                inner = self._add_deep(tree, shape, first + place)
                runs.append(Run(shape.depth, 1, node, leaf, inner, child, (place,)))
        return runs

    def finish(self, blocks: tuple[tuple[Run, ...], ...], groups: Integers) -> Layout:
        """All tables."""
        none = np.empty(0, np.int64)
        beyond = np.zeros(max(0, self._nodes_read - self._counts["nodes"]), np.int64)
        children_beyond = np.zeros(max(0, self._children_read - self._counts["children"]), np.int64)
        return Layout(
            columns=self._tests.columns,
            starts=self._tests.starts,
            cuts=self._tests.cuts,
            slots=np.concatenate([none, *(slots for slots, _ in self._nodes), beyond]),
            ranks=np.concatenate([none, *(ranks for _, ranks in self._nodes), beyond]),
            children=np.concatenate([none, *self._children, children_beyond]),
            leaves=np.concatenate(self._leaves or [np.empty(0, np.float32)]),
            blocks=blocks,
            groups=groups,
        )

    def _add_full(self, tree: Tree, depth: int, place: int) -> None:
        levels = _complete(tree, depth)
        self._add_nodes(place, np.concatenate([np.empty(0, np.int64), *levels[:-1]]))
        self._add_leaves(tree.leaf[levels[-1]])

    def _add_deep(self, tree: Tree, shape: _Shape, place: int) -> int:
        levels = _complete(tree, HEAD)
        head = np.concatenate(levels[:-1])
        rest = np.concatenate([np.empty(0, np.int64), *shape.levels[HEAD:]])
        parents = rest[tree.left[rest] >= 0]
        ends = np.concatenate(shape.levels)
        ends = ends[tree.left[ends] < 0]
        inner = len(head) + len(parents)
        number = np.zeros(len(tree.left), dtype=np.int64)
        number[parents] = len(head) + np.arange(len(parents))
        number[ends] = inner + np.arange(len(ends))
        after = np.column_stack([tree.left[parents], tree.right[parents]]).ravel()
        # A row at its leaf goes on reading where a node of the leaf's number would be.
        node, child = self._counts["nodes"], self._counts["children"] - 2 * (len(head) // 2)
        self._nodes_read = max(self._nodes_read, node + inner + len(ends))
        self._children_read = max(self._children_read, child + 2 * (inner + len(ends)))
        self._add_nodes(place, np.concatenate([head, parents]))
        self._children.append(number[np.concatenate([levels[-1], after])])
        self._count("children", len(levels[-1]) + len(after))
        self._add_leaves(tree.leaf[ends])
        return inner

    def _add_nodes(self, place: int, nodes: Integers) -> None:
        self._nodes.append((self._tests.slots[place][nodes], self._tests.ranks[place][nodes]))
        self._count("nodes", len(nodes))

    def _add_leaves(self, values: NDArray[np.floating[Any]]) -> None:
        self._leaves.append(values)
        self._count("leaves", len(values))

    def _count(self, what: str, count: int) -> None:
        self._counts[what] += count
        if 8 * sum(self._counts.values()) > _MOST_BYTES:
            raise CompileError(f"the trees fill more than {_MOST_BYTES >> 20} MiB; train fewer or smaller ones.")
