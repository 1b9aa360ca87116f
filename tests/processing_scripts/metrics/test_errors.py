from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from processing_scripts.metrics.errors import errors


def test_the_error_is_told_by_fifths_of_the_target() -> None:
    random = np.random.default_rng(4)
    actual = random.permutation(np.arange(500.0))
    predicted = actual * 0.5 + 125 + random.normal(size=500)
    found = errors(actual, predicted)
    fifths = found["error_by_quantile"]
    assert [(each["low"], each["high"], each["rows"]) for each in fifths][::4] == [(0, 99, 100), (400, 499, 100)]
    lowest = actual < 100
    assert fifths[0]["mae"] == pytest.approx(metrics.mean_absolute_error(actual[lowest], predicted[lowest]))
    assert fifths[0]["rmse"] == pytest.approx(metrics.root_mean_squared_error(actual[lowest], predicted[lowest]))
    assert fifths[0]["mean"] > 50, "the smallest are predicted too high"
    assert fifths[-1]["mean"] < -50, "and the largest too low"
    assert sum(found["residual_histogram"]["counts"]) == 500
    assert found["residual_quantiles"]["50"] == pytest.approx(np.median(predicted - actual))


def test_three_rows_have_three_groups() -> None:
    found = errors(np.array([1.0, 2.0, 3.0]), np.array([1.5, 2.0, 2.0]))
    assert [each["mae"] for each in found["error_by_quantile"]] == [0.5, 0.0, 1.0]
