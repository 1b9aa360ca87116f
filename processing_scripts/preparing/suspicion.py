"""What makes a column suspicious: it alone tells the target, or it is spread differently in another split."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from processing_scripts.preparing.splitting import SPLITS, TRAIN, Splits
from processing_scripts.preparing.target import Target

FEWEST_HELD = 10
FEWEST_OF_A_CLASS = 3
DRIFT = 0.2
"""Population stability index from which on two splits are said to differ."""
_CHANCE = 0.01
_DRIFT_BINS = 10
_HALF = 0.5

Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]


def tells(codes: Codes, size: int, target: Target, train: Mask, held: Mask) -> float | None:
    """How much of what there is to tell about the target a column alone tells, from 0 to 1.

    By the value of the column (`codes` below `size`, -1 for a missing one), rows that are held out are given the most
    frequent class of training rows, or their mean. Of classes it is the share of those errors that are spared which
    always saying the most frequent class would make, of numbers the explained share of the variance. None where there
    are too few rows to say.
    """
    wanted = target.values[held]
    if wanted.size < FEWEST_HELD:
        return None
    known, asked, learned = codes[train], codes[held], target.values[train]
    counts = np.bincount(known + 1, minlength=size + 1).astype(np.float64)
    if target.kind == "regression":
        sums = np.bincount(known + 1, learned, minlength=size + 1)
        mean = float(learned.mean())
        table = np.where(counts > 0, sums / np.maximum(counts, 1), mean)
        total = float(np.square(wanted - wanted.mean()).sum())
        left = float(np.square(wanted - table[asked + 1]).sum())
        return None if total == 0 else float(np.clip(1 - left / total, 0, 1))
    width = len(target.labels)
    by_class = np.bincount((known + 1) * width + learned.astype(np.int64), minlength=(size + 1) * width)
    by_class = by_class.reshape(size + 1, width)
    common = int(by_class.sum(axis=0).argmax())
    table = np.where(counts > 0, by_class.argmax(axis=1), common)
    base, wrong = int(np.sum(wanted != common)), int(np.sum(wanted != table[asked + 1]))
    return None if base < FEWEST_OF_A_CLASS else float(np.clip(1 - wrong / base, 0, 1))


def drifts(codes: Codes, size: int, splits: Splits, columns: int) -> list[dict[str, Any]]:
    """In which splits a column is spread differently than in training, by more than chance, with the index of each."""
    train = codes[splits == TRAIN]
    bins = _bins(np.bincount(train + 1, minlength=size + 1))
    expected = np.bincount(bins[train + 1], minlength=int(bins.max()) + 1).astype(np.float64)
    found = []
    for place, name in enumerate(SPLITS):
        if place == TRAIN:
            continue
        observed = np.bincount(bins[codes[splits == place] + 1], minlength=expected.size).astype(np.float64)
        index = _stability(expected, observed)
        if index > DRIFT and _chance(expected, observed) < _CHANCE / max(columns, 1):
            found.append({"split": name, "psi": round(index, 4)})
    return found


def _bins(counts: NDArray[np.int64]) -> Codes:
    """Neighbouring codes taken together, so that each bin but the last holds a tenth of the training rows or more."""
    bins = np.zeros(counts.size, dtype=np.int64)
    least, held, place = counts[1:].sum() / _DRIFT_BINS, 0, 1
    for code in range(1, counts.size):
        bins[code] = place
        held += int(counts[code])
        if held >= least:
            held, place = 0, place + 1
    return bins


def _stability(expected: NDArray[np.float64], observed: NDArray[np.float64]) -> float:
    """The population stability index, half a row being added to each bin."""
    before, after = ((counts + _HALF) / (counts.sum() + _HALF * counts.size) for counts in (expected, observed))
    return float(np.sum((after - before) * np.log(after / before)))


def _chance(expected: NDArray[np.float64], observed: NDArray[np.float64]) -> float:
    """How often chance alone gives an index as large; `drifting.statistics` says where this is from."""
    used = (expected > 0) | (observed > 0)
    sizes = 1 / expected.sum() + 1 / max(float(observed.sum()), 1.0)
    return chi_squared_tail(_stability(expected[used], observed[used]) / sizes, int(used.sum()) - 1)


def chi_squared_tail(value: float, degrees: int) -> float:
    """The probability that a chi-squared variable is larger (in closed form: loading scipy takes a second)."""
    if degrees < 1:
        return 1.0
    half = value / 2
    odd = degrees % 2
    total = math.erfc(math.sqrt(half)) if odd else math.exp(-half)
    term = 2 * math.sqrt(half / math.pi) * math.exp(-half) if odd else half * math.exp(-half)
    for step in range((degrees - 1) // 2):
        total += term
        term *= half / (step + 1.5 if odd else step + 2)
    return min(total, 1.0)
