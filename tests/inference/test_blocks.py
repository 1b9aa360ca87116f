from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.blocks import FEWEST, BlockTransform
from inference.columns import Categorical, FeaturesError, Ignored, Numeric
from inference.formats.table import RequestError
from inference.rows import RowTransform
from tests.inference.test_rows import features

NAMES = ("id", "age", "pay", "job", "flag")
COLUMNS = (
    Ignored("id", "identifier"),
    Numeric("age", median=40.0, low=17.0, high=90.0, mean=38.6, deviation=13.7, indicator=True, also_missing=("old",)),
    Numeric("pay", median=0.0, low=-0.0, high=1e6, mean=0.0, deviation=1.0),
    Categorical("job", levels=("clerk", "smith", "none", "3"), other=True, missing=True),
    Categorical("flag", levels=("true", "false")),
)
FITTED = features(COLUMNS, missing=("-999", "nil"))
NUMBERS: st.SearchStrategy[Any] = (
    st.floats()
    | st.integers(-(10**6), 10**6)
    | st.booleans()
    | st.none()
    | st.floats().map(str)
    | st.sampled_from(["", " 40 ", "old", "-999", "-999.0", "nil", "NaN", "nAn", "1_0", "1e999", "-0.0", "young"])
)
TEXTS: st.SearchStrategy[Any] = (
    st.text(max_size=3)
    | st.integers(0, 5)
    | st.floats()
    | st.booleans()
    | st.none()
    | st.sampled_from(["clerk", " clerk", "none", "3", "3.0", "TRUE", "true", "?", "", "king"])
)
ROWS = st.lists(st.tuples(st.none(), NUMBERS, NUMBERS, TEXTS, TEXTS).map(list), min_size=FEWEST, max_size=12)


def one_by_one(rows: list[list[Any]]) -> tuple[list[list[float]], str]:
    transform, found = RowTransform(FITTED), []
    for number, row in enumerate(rows, 1):
        try:
            found.append(transform.values(row))
        except FeaturesError as error:
            return [], f"row {number}: {error}"
    return found, ""


@given(rows=ROWS, form=st.sampled_from(["lists", "records", "named"]))
@settings(max_examples=300, deadline=None)
def test_a_block_becomes_what_its_rows_become(rows: list[list[Any]], form: str) -> None:
    expected, refusal = one_by_one(rows)
    blocks = BlockTransform(RowTransform(FITTED))
    given_rows: list[Any] = rows
    names = None
    if form == "records":
        given_rows = [dict(zip(NAMES, row, strict=True)) for row in rows]
    elif form == "named":
        names, given_rows = tuple(reversed(NAMES)), [tuple(reversed(row)) for row in rows]
    if refusal:
        with pytest.raises(RequestError) as refused:
            blocks.matrix(given_rows, names, 1)
        assert str(refused.value) == refusal
    else:
        found = blocks.matrix(given_rows, names, 1)
        assert found.tobytes() == np.array(expected, dtype=np.float32).tobytes()


@pytest.mark.parametrize(
    ("place", "row", "cause"),
    [
        (9, ["", 1, 2, "clerk"], "row 109: a row has 4 cells where the model takes 5"),
        (9, ["", 1, 2, "clerk", "true", 6], "row 109: a row has 6 cells"),
        (0, ["", "x", 2, "clerk", "true"], "row 100: column age takes numbers, and 'x' is none"),
        (3, ["", 1, 2, ["clerk"], "true"], "row 103: a cell holds"),
        (3, {"age": 1, "pay": 2, "job": 3, "town": 4}, "row 103: the model does not know the columns town"),
        (3, 7, "row 103 is neither a list of cells nor an object"),
    ],
)
def test_the_row_at_fault_is_named(place: int, row: Any, cause: str) -> None:
    rows: list[Any] = [["", 1, 2, "clerk", "true"] for _ in range(10)]
    rows[place] = row
    with pytest.raises(RequestError, match=cause):
        BlockTransform(RowTransform(FITTED)).matrix(rows, None, 100)


def test_a_later_object_may_name_other_columns_than_the_first() -> None:
    rows: list[Any] = [{"age": 1, "pay": 2, "job": "clerk", "flag": True} for _ in range(FEWEST)]
    rows[-1] = {**rows[-1], "id": 7, "income": "yes"}
    found = BlockTransform(RowTransform(FITTED)).matrix(rows, None, 1)
    assert found[-1].tolist() == found[0].tolist()
    rows[2] = {"age": 1, "job": "clerk", "flag": True}
    with pytest.raises(RequestError, match="row 3: a row lacks the columns pay"):
        BlockTransform(RowTransform(FITTED)).matrix(rows, None, 1)
