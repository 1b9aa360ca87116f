"""Boosted trees as XGBoost 1.3 can hold them: what both of the formats here are read into and written from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Sequence

GBTREE = "gbtree"
LEAF = -1
"""The left child of a leaf."""

ROOT = -1
"""The parent of the root."""

DELETED = 0xFFFFFFFF
"""The feature that XGBoost gives a node which pruning has removed."""


class NeoError(ValueError):
    """A model that Neo cannot be given; the text is whole sentences: what it has, and what to do instead."""


@dataclass(frozen=True)
class Tree:
    """One tree; all sequences have an entry for each node, whose number is its place in them.

    `values` are thresholds and, of leaves, what they add; a missing value goes left where `missing_left` says so.
    `gains`, `hessians`, `weights` and `leaf_counts` tell of the training and change no prediction.
    """

    parents: Sequence[int]
    lefts: Sequence[int]
    rights: Sequence[int]
    features: Sequence[int]
    missing_left: Sequence[bool]
    values: Sequence[float]
    gains: Sequence[float]
    hessians: Sequence[float]
    weights: Sequence[float]
    leaf_counts: Sequence[int]
    deleted: int = 0

    @property
    def size(self) -> int:
        """The number of nodes, removed ones included."""
        return len(self.parents)


@dataclass(frozen=True)
class Trees:
    """A model: what it starts from (`base_score`, as XGBoost writes it), and trees with the class that each adds to.

    `classes` is 0 for models with one output.
    """

    objective: str
    base_score: float
    features: int
    classes: int
    trees: Sequence[Tree]
    groups: Sequence[int]
    attributes: dict[str, str] = field(default_factory=dict)

    @property
    def outputs(self) -> int:
        """The number of scores that a row gets."""
        return max(self.classes, 1)


def constant(value: float) -> Tree:
    """Return a tree that adds the same to every row."""
    zero: list[float] = [0.0]
    return Tree([ROOT], [LEAF], [LEAF], [0], [False], [value], zero, zero, [value], [0])
