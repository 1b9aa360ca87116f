"""Deals out whole groups of rows so that classes have nearly the same shares in every part.

Groups are taken in their drawn order until a part has its share of rows. Then groups near that border are taken back,
added or exchanged, each time the one change that brings the shares of classes nearest to what they should be, until no
change does. So large groups are tested on as readily as small ones, and nothing but the seed decides.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from processing_scripts.preparing.splitting import (
    LEFT_OUT,
    SPLITS,
    TEST,
    TRAIN,
    VALIDATION,
    Integers,
    Shares,
    Splits,
    draw,
    drawn_units,
)

_NEAR = 2_000
"""Groups on either side of the border that are looked at; the others stay where their drawing put them."""
_TAKEN_BACK = 20
_MOST_CHANGES = 300
_LEAST_GAIN = 1e-15

Floats = NDArray[np.float64]


def split_by_group(classes: Integers, seed: int, shares: Shares, first: Integers) -> Splits:
    """The split of each row, by class index (-1 is a row left out) and the number of the first row of its group."""
    splits = np.full(classes.size, LEFT_OUT, dtype=np.uint8)
    rows = np.flatnonzero(classes >= 0)
    classes = classes[rows]
    units, places, sizes = np.unique(first[rows], return_inverse=True, return_counts=True)
    of_unit = np.full(units.size, TRAIN, dtype=np.uint8)
    order = np.argsort(draw(seed, splits.size)[units], kind="stable")
    totals = np.bincount(classes).astype(np.float64)
    for split, share in ((TEST, shares.test), (VALIDATION, shares.validation)):
        left = order[of_unit[order] == TRAIN]
        most = max(1, round(rows.size * share))
        taken = drawn_units(left, sizes, most, few=units.size < 3)
        near = _near(left[sizes[left] <= max(1, most)], taken)
        counts = _counts(places, classes, near, units.size, totals.size) / np.maximum(totals, 1)
        of_unit[taken] = split
        held = np.bincount(classes[of_unit[places] == split], minlength=totals.size) / np.maximum(totals, 1)
        # Some groups must be left for the parts that come after.
        spare = left.size - taken.size - (2 if split == TEST else 1)
        inside = _evened(counts, of_unit[near] == split, held - share * (totals > 0), taken.size, spare)
        of_unit[near] = np.where(inside, split, TRAIN)
    splits[rows] = of_unit[places]
    return splits


def _near(fitting: Integers, taken: Integers) -> Integers:
    """The groups that were taken last, and those that would come next."""
    others = fitting[~np.isin(fitting, taken)]
    return np.concatenate([taken[-_NEAR:], others[:_NEAR]])


def _counts(places: Integers, classes: Integers, near: Integers, units: int, width: int) -> Floats:
    """How many rows of each class the groups `near` have, (groups, classes)."""
    slots = np.full(units, -1, dtype=np.int64)
    slots[near] = np.arange(near.size)
    of_row = slots[places]
    there = of_row >= 0
    counts = np.bincount(of_row[there] * width + classes[there], minlength=near.size * width)
    return counts.reshape(near.size, width).astype(np.float64)


def _evened(counts: Floats, inside: NDArray[np.bool_], gap: Floats, taken: int, spare: int) -> NDArray[np.bool_]:
    """Which groups are in a part once no change of one group, or exchange of two, brings its classes nearer.

    `counts` are shares of each class (groups, classes), `gap` is what the part has of each class beyond its share. The
    part keeps one group at least, of the `taken` ones, and is given no more than `spare` others.
    """
    inside = inside.copy()
    squares = np.square(counts).sum(axis=1)
    for _ in range(_MOST_CHANGES):
        # What becomes of the sum of squared gaps if a group changes sides.
        sums = np.einsum("gc,c->g", counts, gap)
        changes = squares + np.where(inside, -2, 2) * sums
        ins, outs = np.flatnonzero(inside), np.flatnonzero(~inside)
        ins = ins[np.argsort(changes[ins], kind="stable")][:_TAKEN_BACK]
        best, changed = -_LEAST_GAIN, np.empty(0, dtype=np.int64)
        for side, allowed in ((ins, taken > 1), (outs, spare > 0)):
            if allowed and side.size and changes[side].min() < best:
                changed = side[[np.argmin(changes[side])]]
                best = float(changes[changed[0]])
        if ins.size and outs.size:
            both = changes[ins][:, None] + changes[outs] - 2 * np.einsum("ic,oc->io", counts[ins], counts[outs])
            if both.min() < best:
                one, other = np.unravel_index(np.argmin(both), both.shape)
                changed = np.array([ins[one], outs[other]])
        if not changed.size:
            break
        gap = gap + np.where(inside[changed], -1, 1) @ counts[changed]
        moved = int(np.sum(np.where(inside[changed], -1, 1)))
        taken, spare = taken + moved, spare - moved
        inside[changed] = ~inside[changed]
    return inside


def how_alike(classes: Integers, splits: Splits, labels: Sequence[str]) -> str:
    """Say how far the shares of a class are apart in the parts: of the class of which they are furthest apart."""
    counts = np.stack([np.bincount(classes[splits == place], minlength=len(labels)) for place in range(len(SPLITS))])
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    apart = np.ptp(shares, axis=0)
    label = len(labels) - 1 if len(labels) == 2 else int(np.argmax(apart))
    parts = ", ".join(f"{shares[place, label]:.2%} of {name}" for place, name in enumerate(SPLITS))
    return f"Whole groups go to one part, with classes as alike as that allows: {labels[label]} is {parts}."
