"""How far two samples of a column are apart, and how far chance alone would take them.

With many rows the smallest change is significant, and with few rows chance makes a large distance. So each measure
says both: the distance, which is held against a threshold that somebody chose, and the probability that two samples of
the same size from one distribution are as far apart.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

_PSEUDO_COUNT = 0.5
_LEAST_SHARE = 0.1


@dataclass(frozen=True)
class Distance:
    """A measure, and the probability of one at least as large where nothing has changed."""

    value: float
    chance: float


def population_stability(expected: NDArray[np.float64], observed: NDArray[np.float64]) -> Distance:
    """The population stability index of two rows of counts in the same bins.

    Half a count is added to each, so that an empty bin gives no infinity. Where nothing has changed, the index times
    the harmonic sum of both sample sizes follows chi-squared with one degree of freedom fewer than there are bins
    (B. Yurdakul, 'Statistical Properties of Population Stability Index', 2018).
    """
    used = (expected > 0) | (observed > 0)
    before, after = expected[used], observed[used]
    bins = before.size
    if bins < 2 or not before.sum() or not after.sum():
        return Distance(0.0, 1.0)
    first, second = ((counts + _PSEUDO_COUNT) / (counts.sum() + _PSEUDO_COUNT * bins) for counts in (before, after))
    index = float(np.sum((second - first) * np.log(second / first)))
    return Distance(index, float(special.chdtrc(bins - 1, index / (1 / before.sum() + 1 / after.sum()))))


def kolmogorov_smirnov(
    values: NDArray[np.float64], shares: NDArray[np.float64], rows: int, observed: NDArray[np.float64]
) -> Distance:
    """The largest difference of two distribution functions, looked at where the baseline knows its own.

    `shares` of `rows` numbers were at most `values`; `observed` are sorted numbers.
    """
    if not rows or not observed.size or not values.size:
        return Distance(0.0, 1.0)
    found = np.searchsorted(observed, values, side="right") / observed.size
    below = np.searchsorted(observed, values[0], side="left") / observed.size  # the baseline has nothing down there
    largest = float(max(np.max(np.abs(found - shares)), below))
    size = rows * observed.size / (rows + observed.size)
    return Distance(largest, float(special.kolmogorov(largest * math.sqrt(size))))


def share_difference(before: int, rows_before: int, after: int, rows_after: int) -> Distance:
    """The difference of two shares, by the two-sided test of two proportions."""
    if not rows_before or not rows_after:
        return Distance(0.0, 1.0)
    difference = abs(after / rows_after - before / rows_before)
    pooled = (before + after) / (rows_before + rows_after)
    deviation = math.sqrt(pooled * (1 - pooled) * (1 / rows_before + 1 / rows_after))
    return Distance(difference, float(2 * special.ndtr(-difference / deviation)) if deviation else 1.0)


def bins(values: NDArray[np.float64], shares: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Upper edges of bins that hold about a tenth of the baseline each, the last bin being open; and their shares.

    A value that many rows share, such as 0, gets a bin of its own, however large.
    """
    edges, found, before = [], [], 0.0
    for value, share in zip(values.tolist(), shares.tolist(), strict=True):
        if share - before >= _LEAST_SHARE - 1e-9 and share < 1:
            edges.append(value)
            found.append(share - before)
            before = share
    return np.array(edges), np.array([*found, 1 - before])


def counts_in(edges: NDArray[np.float64], observed: NDArray[np.float64]) -> NDArray[np.float64]:
    """How many of sorted numbers are in each of the bins up to and including `edges`, and in the last, open one."""
    upto = np.searchsorted(observed, edges, side="right")
    return np.diff(np.concatenate([[0], upto, [observed.size]])).astype(np.float64)
