from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from processing_scripts.preparing.grouped import how_alike, split_by_group
from processing_scripts.preparing.splitting import LEFT_OUT, TEST, TRAIN, VALIDATION, Shares, split_by_unit

PARTS = (TRAIN, VALIDATION, TEST)


def grouped(groups: int, size: float, classes: int, seed: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows of groups of uneven sizes, each with classes of its own shares; the first row of each row's group."""
    random = np.random.default_rng(seed)
    sizes = 1 + random.poisson(size, groups)
    of_group = random.dirichlet(np.full(classes, 0.5), groups)
    found = np.concatenate([random.choice(classes, count, p=p) for count, p in zip(sizes, of_group, strict=True)])
    starts = np.cumsum(sizes) - sizes
    return found.astype(np.int64), np.repeat(starts, sizes)


def apart(classes: NDArray[np.int64], splits: NDArray[np.uint8]) -> float:
    """How far the shares of a class are apart in the parts, at most."""
    counts = np.stack([np.bincount(classes[splits == part], minlength=int(classes.max()) + 1) for part in PARTS])
    return float(np.ptp(counts / counts.sum(axis=1, keepdims=True), axis=0).max())


@pytest.mark.parametrize(
    ("groups", "size", "classes", "most"),
    [(60, 8, 2, 0.02), (300, 12, 2, 0.002), (300, 12, 5, 0.02), (5_000, 3, 3, 0.001)],
)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_classes_are_alike_in_all_parts_though_groups_stay_whole(
    groups: int, size: float, classes: int, most: float, seed: int
) -> None:
    rows, first = grouped(groups, size, classes, seed)
    splits = split_by_group(rows, 7, Shares(), first)
    assert all(np.unique(splits[first == group]).size == 1 for group in np.unique(first)[:300])
    shares = [np.mean(splits == part) for part in PARTS]
    assert shares == pytest.approx([0.8, 0.1, 0.1], abs=0.02)
    assert apart(rows, splits) < most
    assert apart(rows, splits) < apart(rows, split_by_unit(rows >= 0, 7, Shares(), first))


def test_large_groups_are_tested_on_as_readily_as_small_ones() -> None:
    rows, first = grouped(400, 10, 2, 5)
    sizes = np.bincount(first)[first]
    tested = np.mean([split_by_group(rows, seed, Shares(), first) == TEST for seed in range(40)], axis=0)
    large = sizes > np.median(sizes)
    assert tested[large].mean() == pytest.approx(tested[~large].mean(), abs=0.02)


def test_the_seed_decides_and_rows_without_a_class_are_left_out() -> None:
    rows, first = grouped(200, 6, 2, 4)
    rows[::9] = -1
    found = split_by_group(rows, 7, Shares(), first)
    assert np.array_equal(found == LEFT_OUT, rows < 0)
    assert np.array_equal(found, split_by_group(rows, 7, Shares(), first))
    assert not np.array_equal(found, split_by_group(rows, 8, Shares(), first))


@pytest.mark.parametrize("groups", [3, 4, 5])
def test_a_few_groups_still_make_three_parts(groups: int) -> None:
    rows = np.arange(groups * 40) % 2
    first = np.arange(groups * 40) // 40 * 40
    assert set(split_by_group(rows, 7, Shares(), first).tolist()) == {TRAIN, VALIDATION, TEST}


def test_what_is_left_of_the_difference_is_said() -> None:
    classes = np.array([0] * 6 + [1] * 2 + [0, 1] + [0, 1])
    splits = np.array([TRAIN] * 8 + [VALIDATION] * 2 + [TEST] * 2, dtype=np.uint8)
    assert how_alike(classes, splits, ("no", "yes")).endswith(
        "yes is 25.00% of train, 50.00% of validation, 50.00% of test."
    )
