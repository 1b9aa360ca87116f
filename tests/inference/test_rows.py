from __future__ import annotations

import struct
from typing import Any

import pytest

from inference.cells import DEFAULT_MISSING
from inference.columns import Categorical, Column, FeaturesError, Ignored, Numeric
from inference.features import Features
from inference.rows import RowTransform

COLUMNS: tuple[Column, ...] = (
    Ignored("id", "identifier"),
    Numeric("age", median=40.0, low=17.0, high=90.0, mean=38.6, deviation=13.7, indicator=True, also_missing=("old",)),
    Categorical("job", levels=("clerk", "smith"), other=True, missing=True),
    Categorical("flag", levels=("true", "false")),
)


def features(columns: tuple[Column, ...] = COLUMNS, missing: tuple[str, ...] = ()) -> Features:
    return Features(
        kind="binary",
        target="income",
        metric="auc",
        labels=("no", "yes"),
        columns=columns,
        missing=DEFAULT_MISSING | frozenset(missing),
        data_version="initial",
        seed=7,
    )


def exact(value: float) -> float:
    return float(struct.unpack("f", struct.pack("f", value))[0])


AGE_40 = exact((40.0 - 38.6) / 13.7)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (["7", "40", "smith", "true"], [AGE_40, 0, 0, 1, 0, 0, 1, 0]),
        ([7, 40, " smith ", True], [AGE_40, 0, 0, 1, 0, 0, 1, 0]),
        (["7", " 40.0\r", "clerk", "false"], [AGE_40, 0, 1, 0, 0, 0, 0, 1]),
        (["7", "40", "clerk", "TRUE"], [AGE_40, 0, 1, 0, 0, 0, 1, 0]),
        (["7", "?", "", "?"], [AGE_40, 1, 0, 0, 0, 1, 0, 0]),
        (["7", None, None, None], [AGE_40, 1, 0, 0, 0, 1, 0, 0]),
        (["7", "old", "king", "perhaps"], [AGE_40, 1, 0, 0, 1, 0, 0, 0]),
        (["7", float("inf"), "clerk", False], [AGE_40, 1, 1, 0, 0, 0, 0, 1]),
    ],
)
def test_a_row_becomes_features(row: list[Any], expected: list[float]) -> None:
    assert RowTransform(features()).values(row) == expected


@pytest.mark.parametrize(("age", "bound"), [("1000", 90.0), ("-5", 17.0), (1e300, 90.0)])
def test_numbers_are_clipped_to_what_training_saw(age: Any, bound: float) -> None:
    assert RowTransform(features()).values(["", age, "clerk", ""])[0] == exact((bound - 38.6) / 13.7)


def test_a_missing_token_that_is_a_number_is_missing_in_every_spelling() -> None:
    transform = RowTransform(features(missing=("-999",)))
    for cell in ("-999", "-999.0", -999, -999.0):
        assert transform.values(["", cell, "clerk", "true"])[:2] == [AGE_40, 1]


@pytest.mark.parametrize("cell", ["young", "1_0", "5_0", "4O", [40], {"age": 40}, 10**400])
def test_text_where_a_number_belongs_is_refused(cell: Any) -> None:
    with pytest.raises(FeaturesError, match="column age takes numbers"):
        RowTransform(features()).values(["", cell, "clerk", "true"])


def test_a_list_is_no_category() -> None:
    with pytest.raises(FeaturesError, match="one value belongs"):
        RowTransform(features()).values(["", 40, ["clerk"], "true"])


@pytest.mark.parametrize("row", [[], ["40", "clerk", "true"], ["7", "40", "clerk", "true", "yes"]])
def test_a_row_of_another_width_is_refused(row: list[Any]) -> None:
    with pytest.raises(
        FeaturesError, match=rf"a row has {len(row)} cells where the model takes 4: id, age, job, flag\."
    ):
        RowTransform(features()).values(row)


def test_a_record_may_leave_out_ignored_columns_and_hold_the_target() -> None:
    transform = RowTransform(features())
    record = {"flag": "true", "age": 40, "job": "smith"}
    assert transform.record(record) == transform.values(["7", "40", "smith", "true"])
    assert transform.record({**record, "income": "yes", "id": 3}) == transform.record(record)


def test_a_record_with_unknown_or_absent_columns_is_refused() -> None:
    transform = RowTransform(features())
    with pytest.raises(FeaturesError, match="does not know the columns Age, town"):
        transform.record({"Age": 40, "town": "x", "job": "smith", "flag": "true"})
    with pytest.raises(FeaturesError, match="lacks the columns age, job"):
        transform.record({"flag": "true"})
