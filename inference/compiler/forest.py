"""Trees as every reader hands them over, whichever library grew them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

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


@dataclass(frozen=True)
class Tree:
    """One tree; node 0 is the root. All arrays have the length of its nodes.

    A row goes left where `value < threshold`, and where the value is missing (NaN) and `missing_left` says so. A leaf
    has -1 in `left`; what it adds stands in `leaf`.
    """

    left: NDArray[np.int32]
    right: NDArray[np.int32]
    feature: NDArray[np.int32]
    threshold: NDArray[np.float32]
    missing_left: NDArray[np.bool_]
    leaf: NDArray[np.float32]
    group: int
    """Which output the leaves are added to."""


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

    @property
    def groups(self) -> int:
        """How many sums there are."""
        return len(self.margins)

    @property
    def outputs(self) -> int:
        """How many numbers a row is answered with."""
        return 1 if self.link is Link.LARGEST else self.groups
