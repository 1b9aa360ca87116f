from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from processing_scripts.drifting.baseline import numeric_baseline
from processing_scripts.drifting.statistics import (
    bins,
    counts_in,
    kolmogorov_smirnov,
    population_stability,
    share_difference,
)


def reference(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    found = numeric_baseline(np.sort(values), values.size)
    return np.array(found["values"]), np.array(found["shares"])


@pytest.mark.parametrize("shift", [0.0, 0.1, 0.7, 5.0, -5.0])
def test_ks_is_that_of_scipy_within_a_hundredth(shift: float) -> None:
    draw = np.random.default_rng(3)
    before, after = draw.normal(size=4_000), draw.normal(loc=shift, size=1_500)
    found = kolmogorov_smirnov(*reference(before), before.size, np.sort(after))
    expected = stats.ks_2samp(before, after, method="asymp")
    assert expected.statistic - 0.011 <= found.value <= expected.statistic + 1e-12
    if shift == 0.0:
        assert found.chance > 0.01
    if abs(shift) > 0.5:
        assert found.chance < 1e-9


def test_ks_sees_what_lies_below_everything_in_training() -> None:
    before, after = np.linspace(0, 1, 500), np.full(300, -7.0)
    assert kolmogorov_smirnov(*reference(before), 500, after).value == 1.0


def test_psi_is_its_definition() -> None:
    before, after = np.array([400.0, 300.0, 300.0]), np.array([100.0, 50.0, 150.0])
    first, second = (before + 0.5) / 1001.5, (after + 0.5) / 301.5
    expected = sum((b - a) * math.log(b / a) for a, b in zip(first, second, strict=True))
    assert population_stability(before, after).value == pytest.approx(expected)
    assert population_stability(before, before).value == pytest.approx(0)


def test_psi_of_a_bin_that_became_empty_is_finite() -> None:
    found = population_stability(np.array([500.0, 500.0]), np.array([1000.0, 0.0]))
    assert 1 < found.value < 10
    assert found.chance < 1e-9


def test_the_chance_of_psi_is_the_share_of_unchanged_samples_that_exceed_it() -> None:
    draw = np.random.default_rng(5)
    shares = np.full(10, 0.1)
    chances = np.array(
        [
            population_stability(*(draw.multinomial(size, shares).astype(float) for size in (2_000, 600))).chance
            for _ in range(1_000)
        ]
    )
    for level in (0.05, 0.2, 0.5):
        assert np.mean(chances < level) == pytest.approx(level, abs=0.035)


def test_a_difference_of_shares_is_tested_as_the_chi_squared_test_does() -> None:
    found = share_difference(50, 1_000, 90, 900)
    expected = stats.chi2_contingency([[50, 950], [90, 810]], correction=False)
    assert found.value == pytest.approx(0.05)
    assert found.chance == pytest.approx(expected.pvalue)
    assert share_difference(0, 10, 0, 10).chance == 1.0


def test_bins_hold_a_tenth_each() -> None:
    values = np.arange(1_000.0)
    edges, shares = bins(*reference(values))
    assert len(edges) == 9
    assert shares == pytest.approx(np.full(10, 0.1), abs=0.011)
    assert counts_in(edges, values) == pytest.approx(shares * 1_000)


def test_a_value_that_most_rows_share_gets_a_bin_of_its_own() -> None:
    values = np.concatenate([np.zeros(920), np.arange(1.0, 81.0)])
    edges, shares = bins(*reference(values))
    assert edges.tolist() == [0.0]
    assert shares == pytest.approx([0.92, 0.08])
    assert counts_in(edges, values).tolist() == [920, 80]


def test_a_column_of_one_value_has_one_bin_and_no_distance() -> None:
    edges, shares = bins(*reference(np.full(50, 3.0)))
    assert (edges.size, shares.tolist()) == (0, [1.0])
    assert population_stability(shares * 50, counts_in(edges, np.full(9, 3.0))).value == 0


def test_nothing_captured_is_no_distance() -> None:
    nothing = np.array([])
    assert kolmogorov_smirnov(*reference(np.arange(9.0)), 9, nothing).value == 0
    assert population_stability(np.array([5.0, 5.0]), np.array([0.0, 0.0])).chance == 1
    assert share_difference(1, 10, 0, 0).chance == 1
