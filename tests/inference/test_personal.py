from __future__ import annotations

from inference.personal import MASK, masked, masked_feature, without_personal
from inference.rows import RowTransform
from tests.inference.test_rows import features


def test_personal_cells_are_not_shown() -> None:
    assert masked("Ada", "name", ["name"]) == MASK
    assert masked(41, "age", ["name"]) == "41"


def test_a_row_without_personal_cells_is_still_taken() -> None:
    row = without_personal({"id": 3, "age": 40, "job": "smith", "flag": "true"}, ["age", "job"])
    assert row == {"id": 3, "age": None, "job": None, "flag": "true"}
    assert RowTransform(features()).record(row)


def test_names_of_features_hide_the_level_of_a_personal_column() -> None:
    assert masked_feature("town=Ulm", ["town"]) == f"town={MASK}"
    assert masked_feature("town is missing", ["town"]) == "town is missing"
    assert masked_feature("town size", ["town"]) == "town size"
