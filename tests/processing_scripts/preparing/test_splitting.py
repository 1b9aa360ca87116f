from __future__ import annotations

import numpy as np
import pytest

from processing_scripts.preparing.splitting import (
    LEFT_OUT,
    TEST,
    TRAIN,
    VALIDATION,
    draw,
    split_by_class,
    split_by_value,
)


def test_classes_keep_their_shares_in_every_split() -> None:
    classes = np.repeat([0, 1, 2], [7000, 2000, 1000])
    splits = split_by_class(classes, seed=7)
    for split, share in ((TRAIN, 0.8), (VALIDATION, 0.1), (TEST, 0.1)):
        counts = np.bincount(classes[splits == split])
        assert counts.tolist() == [7000 * share, 2000 * share, 1000 * share]


def test_every_class_of_three_rows_is_in_every_split() -> None:
    classes = np.repeat([0, 1], [97, 3])
    splits = split_by_class(classes, seed=1)
    assert sorted(splits[classes == 1]) == [TRAIN, VALIDATION, TEST]


def test_many_small_classes_still_make_ten_percent() -> None:
    splits = split_by_class(np.arange(2000) % 200, seed=1)
    assert np.bincount(splits).tolist() == [1600, 200, 200]


def test_a_value_is_spread_alike_in_every_split() -> None:
    values = np.random.default_rng(1).lognormal(size=5000)
    splits = split_by_value(values, seed=7)
    assert np.bincount(splits).tolist() == [4000, 500, 500]
    medians = [np.median(values[splits == split]) for split in (TRAIN, VALIDATION, TEST)]
    assert np.ptp(medians) < 0.06


def test_rows_without_a_target_are_left_out() -> None:
    assert split_by_class(np.array([-1] * 5 + [0, 1] * 50), seed=1)[:5].tolist() == [LEFT_OUT] * 5
    assert split_by_value(np.array([np.nan] * 5 + list(range(100))), seed=1)[:5].tolist() == [LEFT_OUT] * 5


def test_the_seed_and_nothing_else_decides() -> None:
    classes = np.arange(1000) % 2
    assert split_by_class(classes, 7).tolist() == split_by_class(classes, 7).tolist()
    assert split_by_class(classes, 7).tolist() != split_by_class(classes, 8).tolist()


def test_draws_do_not_depend_on_the_number_of_rows() -> None:
    assert draw(7, 10).tolist() == draw(7, 1000)[:10].tolist()


@pytest.mark.parametrize("seed", [0, 7, 2**31 - 1])
def test_draws_are_spread_evenly(seed: int) -> None:
    shares = np.histogram(draw(seed, 100_000).astype(np.float64), bins=10, range=(0, 2.0**64))[0] / 100_000
    assert np.abs(shares - 0.1).max() < 0.006


def test_draws_stay_what_they_were() -> None:
    assert draw(0, 2).tolist() == [draw(0, 1)[0], draw(0, 2)[1]]
    assert len(set(draw(3, 10_000).tolist())) == 10_000


def test_rows_that_repeat_are_tested_on_as_often_as_rows_that_do_not() -> None:
    repeats = np.repeat(np.arange(0, 4_500, 9), 9)
    first = np.concatenate([repeats, np.arange(4_500, 5_000)])
    tested = np.mean(
        [split_by_class(np.zeros(5_000, np.int64), seed, first=first) == TEST for seed in range(20)], axis=0
    )
    assert tested[:4_500].mean() == pytest.approx(0.1, abs=0.01)
    assert tested[4_500:].mean() == pytest.approx(0.1, abs=0.02)
