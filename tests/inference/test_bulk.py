from __future__ import annotations

import random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from inference.bulk import BulkTransform
from inference.columns import FeaturesError
from inference.rows import RowTransform
from tests.inference.test_rows import features

AGES = [
    "40",
    " 17.25",
    "?",
    "",
    "1e1",
    "+3",
    "-0.0",
    ".5",
    "5.",
    "88.123456789",
    "old",
    "1000000",
    "nan",
    "-1e-300",
    None,
]
JOBS = ["smith", " smith", "clerk ", "king", "", "?", "Smith", None]
FLAGS = ["true", "false", "NA", "", "True"]


def raw_rows(count: int) -> list[list[Any]]:
    draw = random.Random(3)  # noqa: S311  # test data
    return [[str(i), draw.choice(AGES), draw.choice(JOBS), draw.choice(FLAGS)] for i in range(count)]


def columns_of(rows: list[list[Any]]) -> dict[str, pa.Array]:
    return {name: pa.array(cells) for name, *cells in zip(["id", "age", "job", "flag"], *rows, strict=True)}


def test_bulk_and_rows_give_the_same_bits() -> None:
    rows = raw_rows(2000)
    fitted = features(missing=("88.123456789",))
    bulk = BulkTransform(fitted).matrix(columns_of(rows), len(rows))
    single = np.array([RowTransform(fitted).values(row) for row in rows], dtype=np.float32)
    assert bulk.tobytes("C") == single.tobytes("C")
    assert len(np.unique(bulk, axis=0)) > 50


@pytest.mark.parametrize(
    "ages", [pa.array([40, None, 17], pa.int64()), pa.array([40.5, float("nan"), 17.0]), pa.array([True, None, False])]
)
def test_native_types_give_the_same_bits(ages: pa.Array) -> None:
    columns = {
        "age": ages,
        "job": pa.array(["smith", None, "x"]).dictionary_encode(),
        "flag": pa.array([True, None, False]),
    }
    cells = zip(ages.to_pylist(), ["smith", None, "x"], [True, None, False], strict=True)
    single = [RowTransform(features()).values([None, *row]) for row in cells]
    assert BulkTransform(features()).matrix(columns, 3).tolist() == single


def test_text_where_a_number_belongs_is_refused() -> None:
    rows = [["1", "40", "clerk", "true"], ["2", "forty", "clerk", "true"]]
    with pytest.raises(FeaturesError, match="column age takes numbers, and 'forty' is none"):
        BulkTransform(features()).matrix(columns_of(rows), 2)


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(FeaturesError, match="lack the column age"):
        BulkTransform(features()).matrix({"job": pa.array(["x"])}, 1)
