"""Trees as every reader hands them over, whichever library grew them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Link(StrEnum):
    """What is done to the sums of leaves, computed in 32 bits as XGBoost computes it."""

    IDENTITY = "identity"
    SIGMOID = "sigmoid"
    EXPONENTIAL = "exponential"
    WIDE_EXPONENTIAL = "wide exponential"
    """The exponential in 64 bits, rounded to 32 (`survival:aft`)."""
    SOFTMAX = "softmax"
    LARGEST = "largest"
    """The index of the largest sum, as one number (`multi:softmax`)."""
    HINGE = "hinge"
    """1 where the sum is above 0, else 0."""
    WIDE_SIGMOID = "wide sigmoid"
    """In 64 bits, of the sum times `Wide.slope`."""
    WIDE_SOFTMAX = "wide softmax"
    SIGNED_SQUARE = "signed square"
    """The sum times its size."""


@dataclass(frozen=True)
class Tree:
    """One tree; node 0 is the root. All arrays have the length of its nodes.

    A row goes left where `value < threshold`, and where the value is missing (NaN) and `missing_left` says so; a
    threshold of NaN sends every value left. A leaf has -1 in `left`; what it adds stands in `leaf`.
    """

    left: NDArray[np.int32]
    right: NDArray[np.int32]
    feature: NDArray[np.int32]
    threshold: NDArray[np.float32]
    missing_left: NDArray[np.bool_]
    leaf: NDArray[np.floating[Any]]
    """32-bit numbers; 64-bit ones where the forest is wide."""
    group: int
    """Which output the leaves are added to."""


@dataclass(frozen=True)
class Wide:
    """What sums in 64 bits need beside the trees."""

    slope: float = 1.0
    rounds: int = 1
    """What each sum is divided by."""
    zero: float = 0.0
    """Numbers of this size, a 32-bit one, and smaller ones are taken for zero."""
    missing_zeros: frozenset[int] = frozenset()
    """The features in which a zero is a missing value."""


@dataclass(frozen=True)
class Forest:
    """Everything a prediction is made of: the margins, each tree's leaf added in order, then the link."""

    width: int
    margins: tuple[float, ...]
    """What the sum of each group starts with, exact in 32 bits."""
    trees: tuple[Tree, ...]
    link: Link
    objective: str
    best_iteration: int | None
    """The last round that counts, where training stopped early; `trees` holds no later one."""
    wide: Wide | None = None
    """Where sums and leaves have 64 bits; answers are rounded to 32."""

    @property
    def groups(self) -> int:
        """How many sums there are."""
        return len(self.margins)

    @property
    def outputs(self) -> int:
        """How many numbers a row is answered with."""
        return 1 if self.link is Link.LARGEST else self.groups
