from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from sklearn.preprocessing import OneHotEncoder

from inference.arrays import texts
from inference.bulk import BulkTransform
from inference.cells import DEFAULT_MISSING
from inference.columns import Categorical, Column, Ignored
from processing_scripts.fitting.categorical import MAX_LEVELS, CategoricalFit
from tests.inference.test_rows import features


def fit(*parts: list[str | None]) -> Column:
    found = CategoricalFit()
    for part in parts:
        found.update(*texts(pa.array(part, pa.string()), DEFAULT_MISSING))
    return found.finish("x")


def test_levels_become_scikit_learns_one_hot_columns() -> None:
    cells = ["a"] * 9 + ["b"] * 5 + ["rare"] * 2 + ["seldom"]
    oracle = OneHotEncoder(min_frequency=3, handle_unknown="infrequent_if_exist", sparse_output=False)
    oracle.fit(np.array(cells)[:, None])
    asked = ["b", "a", "seldom", "never seen"]
    found = BulkTransform(features((fit(list(cells)),))).matrix({"x": pa.array(asked)}, len(asked))
    assert found.tolist() == oracle.transform(np.array(asked)[:, None]).tolist()


def test_parts_merge_to_the_same_fit() -> None:
    cells: list[str | None] = ["b", "a", None, "b", "a", "c"] * 3
    left, right = CategoricalFit(), CategoricalFit()
    left.update(*texts(pa.array(cells[9:]), DEFAULT_MISSING))
    right.update(*texts(pa.array(cells[:9]), DEFAULT_MISSING))
    left.merge(right)
    assert left.finish("x") == fit(cells) == Categorical("x", ("a", "b", "c"), missing=True)


def test_ties_are_decided_by_the_text_and_levels_are_capped() -> None:
    names = [f"level{i:03}" for i in range(MAX_LEVELS + 10)]
    found = fit([*reversed(names)] * 3)
    assert found == Categorical("x", tuple(names[:MAX_LEVELS]), other=True)


@pytest.mark.parametrize(
    ("cells", "reason"),
    [(["a", "a"], "same value"), ([None, "?"], "no value"), ([str(i) for i in range(50)], "nearly every row its own")],
)
def test_a_column_without_information_is_ignored_with_its_reason(cells: list[str | None], reason: str) -> None:
    found = fit(cells)
    assert isinstance(found, Ignored)
    assert reason in found.reason
