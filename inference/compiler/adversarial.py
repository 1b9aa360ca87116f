"""Rows made to be hard for a compiled model: what a test on real rows would pass over."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inference.compiler.forest import Forest

SPECIAL = np.array(
    [
        np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, -1.0,
        np.finfo(np.float32).max, np.finfo(np.float32).min, np.finfo(np.float32).tiny,
        np.finfo(np.float32).smallest_subnormal, -np.finfo(np.float32).smallest_subnormal, 1e-40, -1e-40,
    ],
    dtype=np.float32,
)  # fmt: skip
"""Numbers that arithmetic treats unlike others."""

_FEWEST = 512
_MOST_CELLS = 8_000_000
_MOST_STEPS = 10_000_000
_SEED = 7


def adversarial_rows(forest: Forest) -> NDArray[np.float32]:
    """Rows of (n, width) with every threshold, its neighbours on both sides, missing and infinite values, denormals.

    Each column holds each of its hard values at least once, beside others drawn from them at random; a second time some
    cells are special numbers; rows of one special number alone come first. Models so large that this would take minutes
    get a sample of their hard values. The same forest gives the same rows.
    """
    pools = _pools(forest)
    longest = max((len(pool) for pool in pools.values()), default=0)
    most = max(_MOST_STEPS // max(len(forest.trees), 1), 8 * _FEWEST)
    count = min(max(_FEWEST, min(longest, most)), _MOST_CELLS // max(forest.width, 1))
    random = np.random.default_rng(_SEED)
    rows = random.standard_normal((count, forest.width)).astype(np.float32)
    for column, pool in pools.items():
        rows[:, column] = _spread(pool, count, random)
    special = np.asarray(random.random(rows.shape) < 1 / 14)
    rows[special] = random.choice(SPECIAL, int(special.sum()))
    # The replaced thresholds come back in rows of their own columns only, so that each stands in some row.
    again = rows.copy()
    for column, pool in pools.items():
        again[:, column] = _spread(pool, count, random)
    return np.asarray(np.concatenate([rows_of_one_value(forest.width), rows, again]), dtype=np.float32)


def _spread(pool: NDArray[np.float32], count: int, random: np.random.Generator) -> NDArray[np.float32]:
    """So many of the values in any order: all of them, filled up at random, or a sample where there are more."""
    if len(pool) >= count:
        return random.choice(pool, count, replace=False)
    return random.permutation(np.concatenate([pool, random.choice(pool, count - len(pool))]))


def rows_of_one_value(width: int) -> NDArray[np.float32]:
    """A row for each special number, full of it."""
    return np.repeat(SPECIAL[:, None], width, axis=1)


def _pools(forest: Forest) -> dict[int, NDArray[np.float32]]:
    """Each tested column's thresholds and the numbers right below and above them."""
    found: dict[int, list[NDArray[np.float32]]] = {}
    for tree in forest.trees:
        inner = tree.left >= 0
        features, thresholds = tree.feature[inner], tree.threshold[inner]
        for column in np.unique(features):
            found.setdefault(int(column), []).append(thresholds[features == column])
    pools = {}
    for column, parts in found.items():
        distinct = np.unique(np.concatenate(parts))
        with np.errstate(over="ignore", under="ignore"):
            near = [np.nextafter(distinct, np.float32(side)) for side in (-np.inf, np.inf)]
        pools[column] = np.unique(np.concatenate([distinct, *near])).astype(np.float32)
    return pools
