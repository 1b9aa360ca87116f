from __future__ import annotations

import numpy as np

from processing_scripts.preparing.splitting import TEST, TRAIN, VALIDATION, Shares, split_by_class, split_by_time
from processing_scripts.preparing.units import (
    connected,
    digests_of_numbers,
    first_of_same,
    folds,
    weights,
)


def test_rows_are_the_same_by_value() -> None:
    left = digests_of_numbers(np.array([1.0, 0.0, np.nan, 2.0]))
    right = digests_of_numbers(np.array([1.0, -0.0, np.float64("-nan"), 3.0]))
    assert (left == right).tolist() == [True, True, True, False]


def test_the_order_of_columns_tells_rows_apart() -> None:
    one, two = digests_of_numbers(np.array([1.0])), digests_of_numbers(np.array([2.0]))
    first, second = weights(0, 2)
    assert one * first + two * second != two * first + one * second


def test_a_columns_digest_does_not_depend_on_how_it_is_chunked() -> None:
    cells = digests_of_numbers(np.random.default_rng(1).normal(size=1000))
    pieces = (cells[start : start + 37] for start in range(0, 1000, 37))
    parts = [int(np.dot(piece, weights(37 * place, piece.size))) for place, piece in enumerate(pieces)]
    assert sum(parts) % 2**64 == int(np.dot(cells, weights(0, 1000)))
    assert int(np.dot(cells[::-1], weights(0, 1000))) != int(np.dot(cells, weights(0, 1000)))


def test_rows_that_repeat_know_the_first_of_them() -> None:
    digests = np.array([5, 7, 5, 9, 7, 5], dtype=np.uint64)
    found = first_of_same(digests)
    assert found is not None
    assert found.tolist() == [0, 1, 0, 3, 1, 0]
    assert first_of_same(np.arange(6, dtype=np.uint64)) is None


def test_rows_are_connected_by_way_of_others() -> None:
    by_group = np.array([0, 0, 2, 2, 4, 5])
    by_content = np.array([0, 1, 1, 3, 3, 5])
    found = connected([by_group, by_content], 6)
    assert found is not None
    assert found.tolist() == [0, 0, 0, 0, 0, 5]
    assert connected([None, None], 6) is None


def test_a_long_chain_is_one_unit() -> None:
    rows = 2000
    pairs = np.arange(rows) // 2 * 2
    shifted = np.concatenate([[0], (np.arange(rows - 1)) // 2 * 2 + 1])
    found = connected([pairs, shifted], rows)
    assert found is not None
    assert not found.any()


def test_units_of_one_row_are_dealt_out_as_rows_are() -> None:
    classes = np.random.default_rng(2).integers(0, 5, 3000)
    each = split_by_class(classes, 7, first=np.arange(3000))
    assert each.tolist() == split_by_class(classes, 7).tolist()


def test_a_unit_is_never_torn_and_shares_are_kept() -> None:
    rows = 20_000
    units = np.random.default_rng(3).integers(0, 8_000, rows)
    first = first_of_same(units.astype(np.uint64))
    assert first is not None
    classes = units % 3
    splits = split_by_class(classes, 7, Shares(0.2, 0.1), first)
    assert len(np.unique(np.stack([units, splits]), axis=1).T) == len(np.unique(units))
    shares = np.bincount(splits) / rows
    assert np.abs(shares[[TRAIN, VALIDATION, TEST]] - [0.7, 0.2, 0.1]).max() < 0.002


def test_large_units_are_trained_on() -> None:
    first = np.concatenate([np.zeros(500, dtype=np.int64), np.arange(500, 1000)])
    splits = split_by_class(np.zeros(1000, dtype=np.int64), 7, first=first)
    assert set(splits[:500]) == {TRAIN}
    assert np.bincount(splits).tolist() == [800, 100, 100]


def test_three_units_make_three_parts() -> None:
    first = np.repeat([0, 50, 80], [50, 30, 20])
    splits = split_by_class(np.zeros(100, dtype=np.int64), 1, first=first)
    assert sorted(set(splits)) == [TRAIN, VALIDATION, TEST]


def test_one_moment_is_in_one_part() -> None:
    times = np.repeat(np.arange(100.0), 10)
    splits = split_by_time(times, np.ones(1000, dtype=bool), Shares(0.105, 0.105))
    assert all(len(set(splits[times == moment])) == 1 for moment in range(100))
    assert times[splits == TRAIN].max() < times[splits == VALIDATION].min()
    assert times[splits == VALIDATION].max() < times[splits == TEST].min()


def test_rows_of_a_unit_share_their_fold() -> None:
    first = np.arange(1000) // 4 * 4
    found = folds(first, 1000, 7, 5)
    assert all(len(set(found[start : start + 4])) == 1 for start in range(0, 1000, 4))
    assert set(found) == set(range(5))
