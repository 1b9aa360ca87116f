from __future__ import annotations

from itertools import pairwise

import pytest

from cli.report.charts.folding import fold
from cli.report.charts.layers import Arrangement, Edge, arrange


def chain(length: int, *more: Edge) -> Arrangement:
    names = [f"s{index}" for index in range(length)]
    return arrange(names, [*(Edge(one, other) for one, other in pairwise(names)), *more])


def lengths(arrangement: Arrangement, most: int = 5) -> list[int]:
    rows = fold(arrangement, most)
    assert [layer for row in rows for layer in row] == list(range(len(arrangement.layers)))
    return [len(row) for row in rows]


@pytest.mark.parametrize(
    ("layers", "rows"), [(1, [1]), (5, [5]), (6, [3, 3]), (10, [5, 5]), (11, [4, 4, 3]), (120, [5] * 24)]
)
def test_rows_are_few_and_even(layers: int, rows: list[int]) -> None:
    assert sorted(lengths(chain(layers)), reverse=True) == rows


def test_rows_break_where_few_arrows_turn_back() -> None:
    wide = [Edge("s1", "a"), Edge("s1", "b"), Edge("a", "s4"), Edge("b", "s4")]
    names = ["s0", "s1", "s2", "a", "b", "s4", "s5"]
    made = arrange(names, [Edge("s0", "s1"), Edge("s1", "s2"), Edge("s2", "s4"), Edge("s4", "s5"), *wide])
    assert len(made.layers) == 5
    assert lengths(made, 4) in ([1, 4], [4, 1])  # not the even 2 and 3, which would break three arrows


def test_a_condition_stays_beside_its_branches() -> None:
    plain = chain(6)
    assert lengths(plain) == [3, 3]
    gate = [Edge("s0", "s1"), Edge("s1", "s2"), Edge("s2", "s3", "if"), Edge("s2", "no", "else"), Edge("s3", "s4")]
    made = arrange(["s0", "s1", "s2", "s3", "no", "s4", "s5"], [*gate, Edge("s4", "s5")])
    assert lengths(made) in ([2, 4], [4, 2])
