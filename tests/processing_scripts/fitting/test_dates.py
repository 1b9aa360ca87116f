from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from sklearn.preprocessing import StandardScaler

from inference.bulk import BulkTransform, date_parts
from inference.columns import Dates, Ignored
from processing_scripts.fitting.dates import fit_dates
from tests.inference.test_rows import features

DAYS = np.datetime64("2020-01-01", "s") + np.arange(0, 900 * 86_400, 40_000)
SECONDS = DAYS.astype(np.int64).astype(np.float64)


def test_parts_are_scaled_as_scikit_learn_scales_them() -> None:
    column = fit_dates("d", SECONDS, None)
    assert isinstance(column, Dates)
    assert column.parts == ("days", "year", "month", "day", "weekday", "hour")
    found = BulkTransform(features((column,))).matrix({"d": pa.array(DAYS)}, DAYS.size)
    parts = np.stack([date_parts(SECONDS, part) for part in column.parts], axis=1)
    assert found == pytest.approx(StandardScaler().fit_transform(parts), abs=1e-5)


def test_parts_that_do_not_differ_are_left_out() -> None:
    january = np.arange(31) * 86_400.0
    column = fit_dates("d", january, None)
    assert isinstance(column, Dates)
    assert column.parts == ("days", "day", "weekday")


def test_missing_dates_get_medians_and_an_indicator() -> None:
    column = fit_dates("d", np.append(SECONDS, np.nan), None)
    assert isinstance(column, Dates)
    found = BulkTransform(features((column,))).matrix({"d": pa.array(["", "2021-03-01"])}, 2)
    assert found[:, -1].tolist() == [1, 0]
    assert found[0, 0] == pytest.approx((column.medians[0] - column.means[0]) / column.deviations[0])


def test_a_later_date_keeps_its_month_and_is_held_to_the_last_day() -> None:
    column = fit_dates("d", SECONDS, None)
    assert isinstance(column, Dates)
    days, _, month, *_ = BulkTransform(features((column,))).matrix({"d": pa.array(["2031-12-24"])}, 1)[0]
    assert days == np.float32((column.highs[0] - column.means[0]) / column.deviations[0])
    assert month == np.float32((12 - column.means[2]) / column.deviations[2])


@pytest.mark.parametrize(("seconds", "reason"), [([np.nan], "no value"), ([5.0, 5.0], "the same value")])
def test_a_column_without_information_is_ignored_with_its_reason(seconds: list[float], reason: str) -> None:
    found = fit_dates("d", np.array(seconds), None)
    assert isinstance(found, Ignored)
    assert reason in found.reason
