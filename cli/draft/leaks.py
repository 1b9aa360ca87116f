"""Finds columns that give the target away: one of them alone predicts it, on rows it was not learned from."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.arrays import numbers, texts

FEWEST_ROWS = 50
RIGHT = 0.999
"""The share of rows that a single column must get right to be suspected."""
RIGHT_IN_CLASS = 0.98
"""And of the rows of every class, so that a rare class cannot be missed altogether."""
CORRELATION = 0.9995
SOME_ROWS_OF_A_CLASS = 5
MOST_RUNS = 20

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def gives_class_away(cells: Any, classes: Integers, tokens: frozenset[str], numeric: bool) -> float | None:
    """Return the share of rows in which a column alone tells the class, if that is suspiciously high.

    Args:
        cells: The column's cells in a sample, an Arrow array.
        classes: The class of each row, -1 for none.
        tokens: Texts that mean a missing cell.
        numeric: Whether the column holds numbers.
    """
    known = classes >= 0
    classes = classes[known]
    if classes.size < FEWEST_ROWS:
        return None
    codes, _ = texts(cells, tokens)
    guesses = _by_value(codes[known], classes)
    if numeric and guesses is None:
        guesses = _by_nearest(numbers(cells, tokens)[0][known], classes)
    if guesses is None:
        return None
    return _suspicious(guesses, classes[~_learned(classes.size)])


def _learned(rows: int) -> NDArray[np.bool_]:
    """Return which half of the rows to learn from, without falling into step with data that alternates."""
    return np.asarray((np.arange(rows) * 0.6180339887498949) % 1.0 < 0.5)


def _suspicious(guesses: Integers, truth: Integers) -> float | None:
    right = guesses == truth
    share = float(right.mean())
    if share < RIGHT:
        return None
    for each in np.unique(truth):
        of_class = truth == each
        if of_class.sum() >= SOME_ROWS_OF_A_CLASS and right[of_class].mean() < RIGHT_IN_CLASS:
            return None
    counted = [int((truth == each).sum()) for each in np.unique(truth)]
    return share if len(counted) > 1 and sorted(counted)[-2] >= SOME_ROWS_OF_A_CLASS else None


def _by_value(codes: Integers, classes: Integers) -> Integers | None:
    """Guess the class of half the rows by the most frequent one among the others with the same value.

    A value not seen is guessed as the values seen are, a missing one as the missing ones are. None where values hardly
    repeat, so that nothing can be learned by value.
    """
    if len(np.unique(codes)) > max(2, codes.size // 20):
        return None
    learned = _learned(codes.size)
    width = int(classes.max()) + 1
    shifted = codes + 1  # 0 is a missing cell
    counts = np.zeros((int(shifted.max()) + 1, width), dtype=np.int64)
    np.add.at(counts, (shifted[learned], classes[learned]), 1)
    common = int(counts[1:].sum(axis=0).argmax())
    table = np.where(counts.sum(axis=1) > 0, counts.argmax(axis=1), common)
    return np.asarray(table[shifted[~learned]], dtype=np.int64)


def _by_nearest(values: Floats, classes: Integers) -> Integers | None:
    """Guess the class of half the rows by that of the nearest number among the others.

    None where the classes alternate along the numbers: then rows that stand twice in the table are found again, and
    nothing else is learned.
    """
    half = _learned(values.size)
    learned, asked = values[half], values[~half]
    there = ~np.isnan(learned)
    if there.sum() < FEWEST_ROWS // 2:
        return None
    order = np.argsort(learned[there], kind="stable")
    known, labels = learned[there][order], classes[half][there][order]
    if np.count_nonzero(np.diff(labels)) > MOST_RUNS:
        return None
    place = np.clip(np.searchsorted(known, np.nan_to_num(asked)), 1, len(known) - 1)
    left = np.nan_to_num(asked) - known[place - 1] <= known[place] - np.nan_to_num(asked)
    guesses = labels[np.where(left, place - 1, place)]
    without = classes[half][~there]
    fallback = np.bincount(without).argmax() if without.size else np.bincount(labels).argmax()
    return np.where(np.isnan(asked), fallback, guesses).astype(np.int64)


def gives_value_away(cells: Any, values: Floats, tokens: frozenset[str], numeric: bool) -> float | None:
    """Return how closely a column alone follows a number (1 is exactly), if that is suspiciously close.

    Args:
        cells: The column's cells in a sample, an Arrow array.
        values: The target of each row, NaN for none.
        tokens: Texts that mean a missing cell.
        numeric: Whether the column holds numbers.
    """
    if numeric:
        found, _ = numbers(cells, tokens)
        both = ~np.isnan(found) & ~np.isnan(values)
        if both.sum() < FEWEST_ROWS:
            return None
        close = max(_correlation(found[both], values[both]), _correlation(_ranks(found[both]), _ranks(values[both])))
    else:
        codes, _ = texts(cells, tokens)
        known = ~np.isnan(values) & (codes >= 0)
        close = _explained(codes[known], values[known])
    return close if close >= CORRELATION else None


def _correlation(left: Floats, right: Floats) -> float:
    with np.errstate(all="ignore"):
        spread = left.std() * right.std()
        if not np.isfinite(spread) or spread == 0:
            return 0.0
        found = abs(float(((left - left.mean()) * (right - right.mean())).mean() / spread))
    return min(found, 1.0) if np.isfinite(found) else 0.0


def _ranks(values: Floats) -> Floats:
    """Return the rank of each number, equal ones sharing the mean of theirs."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2.0)[places], dtype=np.float64)


def _explained(codes: Integers, values: Floats) -> float:
    """Return the share of the variance of half the rows explained by the mean of the others with the same value."""
    if codes.size < FEWEST_ROWS or len(np.unique(codes)) > codes.size // 5:
        return 0.0
    learned = _learned(codes.size)
    sums = np.bincount(codes[learned], values[learned], minlength=int(codes.max()) + 1)
    counts = np.bincount(codes[learned], minlength=int(codes.max()) + 1)
    seen = counts[codes[~learned]] > 0
    truth, asked = values[~learned][seen], codes[~learned][seen]
    total = float(np.square(truth - truth.mean()).sum()) if truth.size else 0.0
    if total == 0 or seen.mean() < 0.9:
        return 0.0
    return 1.0 - float(np.square(truth - sums[asked] / counts[asked]).sum()) / total
