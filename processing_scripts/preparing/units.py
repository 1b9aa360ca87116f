"""Which rows belong together: rows that are the same in every column that is learned from, rows of one group.

Rows are compared by 64-bit digests of their cells. Two different rows with one digest (of ten million rows, one pair in
three hundred thousand tables) would merely be kept in the same part.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from processing_scripts.preparing.splitting import Integers, draw, mixed, pieces

Digests = NDArray[np.uint64]

MISSING = np.uint64(0x6A09E667F3BCC908)
"""The digest of a cell without a value."""
_STEP = np.uint64(0x9E3779B97F4A7C15)


def digests_of_numbers(values: NDArray[np.float64]) -> Digests:
    """A digest of each number: equal numbers have equal ones, and NaN is missing."""
    found = mixed((values + 0.0).view(np.uint64) ^ _STEP)  # -0.0 becomes 0.0
    found[np.isnan(values)] = MISSING
    return found


def digest_of_text(text: str) -> int:
    """A digest of a text."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def weights(start: int, count: int) -> Digests:
    """Odd pseudo-random numbers of places from `start` on.

    Digests times the weights of their places add up (modulo 2^64) to a digest of them all, which tells their order.
    """
    return mixed(np.arange(start + 1, start + count + 1, dtype=np.uint64) * _STEP) | np.uint64(1)


def first_of_same(digests: Digests) -> Integers | None:
    """The number of the first row with each row's digest; None where no two rows are the same."""
    ordered = np.sort(digests)
    repeated = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    if not repeated.size:
        return None
    place = np.minimum(np.searchsorted(repeated, digests), repeated.size - 1)
    rows = np.flatnonzero(repeated[place] == digests)
    first = np.arange(digests.size, dtype=np.int64)
    # Written from the last row to the first, so that the first one stays.
    of_digest = np.empty(repeated.size, dtype=np.int64)
    of_digest[place[rows][::-1]] = rows[::-1]
    first[rows] = of_digest[place[rows]]
    return first


def connected(parts: Iterable[Integers | None], rows: int) -> Integers | None:
    """The number of the first row that each row is connected to by any of several ways of belonging together.

    Each part gives the number of the first row of each row's unit, or is None where every row is one of its own.
    """
    given = [part for part in parts if part is not None]
    if len(given) < 2:
        return given[0] if given else None
    label = np.arange(rows, dtype=np.int64)
    while True:
        before = label.copy()
        for part in given:
            least = np.full(rows, rows, dtype=np.int64)
            np.minimum.at(least, part, label)
            label = least[part]
        label = label[label]
        if np.array_equal(label, before):
            return label


def folds(first: Integers | None, rows: int, seed: int, count: int) -> NDArray[np.uint8]:
    """The fold of each row, drawn alike for all rows of a unit."""
    keys = draw(seed + 1, rows)
    found = np.empty(rows, dtype=np.uint8)
    for part in pieces(rows):
        found[part] = (keys[part] if first is None else keys[first[part]]) % np.uint64(count)
    return found
