from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import StandardScaler

from inference.columns import Ignored, Numeric
from processing_scripts.fitting.numeric import NumericFit, clip_bounds, rounded_down, rounded_up


def fit(*parts: NDArray[np.float64]) -> Numeric | Ignored:
    found = NumericFit()
    for part in parts:
        found.update(part)
    return found.finish("x")


def numeric(*parts: NDArray[np.float64]) -> Numeric:
    found = fit(*parts)
    assert isinstance(found, Numeric)
    return found


def test_imputing_and_scaling_are_scikit_learns() -> None:
    values = np.random.default_rng(1).normal(50, 9, 500)
    values[::7] = np.nan
    found = numeric(values)
    imputed = SimpleImputer(strategy="median").fit(values[:, None])
    scaled = StandardScaler().fit(imputed.transform(values[:, None]))
    assert found.median == imputed.statistics_[0]
    assert (found.mean, found.deviation) == pytest.approx((scaled.mean_[0], scaled.scale_[0]), rel=1e-12)
    assert found.indicator


def test_parts_merge_to_the_same_fit_in_any_order() -> None:
    values = np.random.default_rng(2).lognormal(size=999)
    left, right = NumericFit(), NumericFit()
    left.update(values[500:])
    right.update(values[:500])
    left.merge(right)
    assert left.finish("x") == fit(values)
    assert fit(*np.split(values, 9)) == fit(values)


def test_without_outliers_the_bounds_are_the_range() -> None:
    found = numeric(np.arange(100.0))
    assert (found.low, found.high, found.indicator) == (0.0, 99.0, False)


def test_an_absurd_value_loses_its_weight() -> None:
    values = np.append(np.random.default_rng(3).normal(size=300), [1e12, -1e12])
    found = numeric(values)
    assert -20 < found.low < -2
    assert 2 < found.high < 20
    assert found.deviation < 2


def test_a_zero_inflated_column_keeps_its_information() -> None:
    gains = np.random.default_rng(4).integers(1000, 15000, 80).astype(float)
    low, high = clip_bounds(np.sort(np.concatenate([np.zeros(9920), gains])))
    assert (low, high) == (0.0, gains.max())


def test_a_long_tail_is_cut_at_most_at_a_thousandth() -> None:
    values = np.sort(np.random.default_rng(5).pareto(1.0, 10_000))
    _, high = clip_bounds(values)
    assert 0 < np.sum(values > high) <= 10


@pytest.mark.parametrize(
    ("values", "reason"), [([np.nan, np.nan], "no value"), ([3.0, 3.0], "the same value"), ([], "no value")]
)
def test_a_column_without_information_is_ignored_with_its_reason(values: list[float], reason: str) -> None:
    found = fit(np.array(values, dtype=np.float64))
    assert isinstance(found, Ignored)
    assert reason in found.reason


def test_one_value_with_gaps_still_tells_where_the_gaps_are() -> None:
    found = numeric(np.array([3.0, np.nan, 3.0]))
    assert (found.indicator, found.deviation) == (True, 1.0)


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [(12_345.0, 12_000.0, 13_000.0), (-12_345.0, -13_000.0, -12_000.0), (0.0, 0.0, 0.0), (0.01, 0.01, 0.01),
     (99_900.0, 99_000.0, 100_000.0), (1e-300, 1e-300, 1e-300)],
)  # fmt: skip
def test_numbers_are_rounded_outwards_to_two_digits(value: float, low: float, high: float) -> None:
    assert (rounded_down(value), rounded_up(value)) == (low, high)
