"""Which rows train, validate and test: by default 80, 10 and 10 percent, alike in every class or range of the target.

A row's place is drawn from the seed and the row's number alone, so the split is the same however the rows are chunked,
and on every platform and version of numpy. Rows of one unit (rows that are the same, rows of one group) go together:
they are dealt out by the number of the first of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

TRAIN, VALIDATION, TEST = 0, 1, 2
SPLITS = ("train", "validation", "test")
LEFT_OUT = 255
"""The split of a row that has no target."""

_BINS = 20
_PIECE = 1 << 16

Integers = NDArray[np.int64]
Splits = NDArray[np.uint8]


@dataclass(frozen=True)
class Shares:
    """The shares of rows to validate and to test on."""

    validation: float = 0.1
    test: float = 0.1


TENTHS = Shares()


def split_by_class(classes: Integers, seed: int, shares: Shares = TENTHS, first: Integers | None = None) -> Splits:
    """The split of each row, by class index; -1 is a row left out.

    Every class with three units or more is in all three splits. `first` gives the number of the first row of each
    row's unit; without it every row is one of its own.
    """
    return _split(classes, draw(seed, classes.size), shares, first)


def split_by_value(
    values: NDArray[np.float64], seed: int, shares: Shares = TENTHS, first: Integers | None = None
) -> Splits:
    """The split of each row, alike in every twentieth of the target's range of quantiles; NaN is a row left out."""
    there = np.flatnonzero(~np.isnan(values))
    bins = np.full(values.size, -1, dtype=np.int64)
    ranked = there[np.argsort(values[there], kind="stable")]
    bins[ranked] = np.arange(ranked.size) * _BINS // max(ranked.size, 1)
    if first is not None:
        bins[there] = bins[first[there]]
    return _split(bins, draw(seed, values.size), shares, first)


def split_by_unit(there: NDArray[np.bool_], seed: int, shares: Shares, first: Integers) -> Splits:
    """The split of each row, whole units dealt out whatever their target; rows that are not `there` are left out."""
    return _split(np.where(there, 0, -1), draw(seed, there.size), shares, first)


def split_by_time(times: NDArray[np.float64], there: NDArray[np.bool_], shares: Shares) -> Splits:
    """The latest rows test, those before them validate, the others train; rows of one moment stay together.

    A row without a time (NaN) is left out.
    """
    splits = np.full(times.size, LEFT_OUT, dtype=np.uint8)
    used = there & ~np.isnan(times)
    ordered = np.sort(times[used])
    if ordered.size == 0:
        return splits
    tested = round(ordered.size * shares.test)
    held = round(ordered.size * (shares.test + shares.validation))
    splits[used] = TRAIN
    splits[used & (times >= ordered[max(ordered.size - held, 0)])] = VALIDATION
    splits[used & (times >= ordered[max(ordered.size - tested, 0)])] = TEST
    return splits


def draw(seed: int, rows: int) -> NDArray[np.uint64]:
    """A pseudo-random number for each row number (SplitMix64; Steele, Lea and Flood 2014)."""
    mask = (1 << 64) - 1
    start = (seed * 0x9E3779B97F4A7C15 + 0xD1B54A32D192ED03) & mask
    step = np.uint64(0x9E3779B97F4A7C15)
    found = np.empty(rows, dtype=np.uint64)
    for part in pieces(rows):
        numbers = np.arange(part.start + 1, part.stop + 1, dtype=np.uint64)
        found[part] = mixed(np.uint64(start) + numbers * step)
    return found


def pieces(rows: int) -> Iterator[slice]:
    """All rows, a few at a time: what is reckoned with them on the way then takes little memory."""
    for start in range(0, rows, _PIECE):
        yield slice(start, min(start + _PIECE, rows))


def mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread 64-bit numbers so that each bit depends on all of theirs."""
    values = values ^ (values >> np.uint64(30))
    values *= np.uint64(0xBF58476D1CE4E5B9)
    values ^= values >> np.uint64(27)
    values *= np.uint64(0x94D049BB133111EB)
    values ^= values >> np.uint64(31)
    return values


def _split(strata: Integers, keys: NDArray[np.uint64], shares: Shares, first: Integers | None) -> Splits:
    splits = np.full(strata.size, LEFT_OUT, dtype=np.uint8)
    seen = 0
    for stratum in np.unique(strata[strata >= 0]):
        rows = np.flatnonzero(strata == stratum)
        wanted = []
        for share in (shares.test, shares.validation):
            # Rounding what has been passed so far, not each stratum, keeps the whole at its share with many small ones.
            rounded = round((seen + rows.size) * share) - round(seen * share)
            wanted.append(rounded if rows.size < 3 else max(rounded, 1))
        seen += rows.size
        splits[rows] = TRAIN
        if first is None:
            rows = rows[np.argsort(keys[rows], kind="stable")]
            splits[rows[: wanted[0]]] = TEST
            splits[rows[wanted[0] : sum(wanted)]] = VALIDATION
        else:
            splits[rows] = _of_units(first[rows], keys, wanted)
    return splits


def _of_units(first: Integers, keys: NDArray[np.uint64], wanted: list[int]) -> Splits:
    """The split of each row of a stratum, units whole; a unit larger than the whole share is trained on.

    Units are taken in their drawn order until the share is filled to within half of one, large ones as readily as small
    ones: rows that repeat are tested on as often as others. Where every unit holds one row, this is what dealing out
    rows gives.
    """
    units, places, sizes = np.unique(first, return_inverse=True, return_counts=True)
    of_unit = np.full(units.size, TRAIN, dtype=np.uint8)
    order = np.argsort(keys[units], kind="stable")
    for split, most in zip((TEST, VALIDATION), wanted, strict=True):
        left = order[of_unit[order] == TRAIN]
        of_unit[drawn_units(left, sizes, most, few=units.size < 3)] = split
    return of_unit[places]


def drawn_units(left: Integers, sizes: Integers, most: int, *, few: bool) -> Integers:
    """The first of the units `left`, in their drawn order, that fill `most` rows; the smallest where none fits.

    With `few` units none need be taken.
    """
    fitting = left[sizes[left] <= max(1, most)]
    taken: Integers = fitting[np.cumsum(sizes[fitting]) - sizes[fitting] / 2 <= most]
    if not taken.size and most and not few:
        return left[np.argsort(sizes[left], kind="stable")][:1]
    return taken
