from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from inference.cells import DEFAULT_MISSING
from inference.columns import Numeric
from inference.features import Features
from processing_scripts.metrics.groups import MOST_LEVELS, groups, groups_of


def named(cells: Sequence[object], *, masked: bool = False) -> dict[str, int]:
    found = groups(cells, DEFAULT_MISSING, masked=masked)
    assert np.sum([each.rows for each in found], axis=0).tolist() == [1] * len(cells), "each row is in one group"
    return {each.name: int(each.rows.sum()) for each in found}


def test_levels_are_groups_the_most_frequent_first() -> None:
    assert named(["b", "a", "b", None, " a ", "b", "?"]) == {"b": 3, "a": 2, "missing": 2}


def test_true_is_one_level_however_it_is_spelt() -> None:
    assert named([True, "true", "TRUE", False]) == {"true": 3, "false": 1}


def test_a_number_is_cut_into_quarters() -> None:
    found = named([float(value) for value in range(100)] + ["NA"])
    assert found == {"0 to 24": 25, "25 to 49": 25, "50 to 74": 25, "75 to 99": 25, "missing": 1}


def test_numbers_as_people_write_them_are_numbers() -> None:
    fitted = Numeric(
        "pay", median=0.0, low=0.0, high=9e9, mean=0.0, deviation=1.0, also_missing=("unknown",), decimal=","
    )
    features = Features("regression", "y", "rmse", (), (fitted,), DEFAULT_MISSING, "", 7)
    rows = [{"pay": f"{number}.000,5"} for number in range(1, 9)] + [{"pay": "unknown"}]
    found = groups_of("pay", rows, features)
    assert [each.name for each in found] == [
        "1,000.5 to 2,000.5", "3,000.5 to 4,000.5", "5,000.5 to 6,000.5", "7,000.5 to 8,000.5", "missing",
    ]  # fmt: skip


def test_a_number_with_many_equal_values_has_fewer_groups() -> None:
    found = named([0.0] * 80 + [float(value) for value in range(1, 21)])
    assert found == {"0": 80, "1 to 20": 20}


def test_a_number_of_few_values_is_a_code() -> None:
    assert named([1, 2, 3, 3, "3"]) == {"3": 3, "1": 1, "2": 1}


def test_rare_levels_are_one_group() -> None:
    cells: list[object] = [f"level {number:02}" for number in range(20) for _ in range(20 - number)]
    found = named(cells)
    assert len(found) == MOST_LEVELS + 1
    assert found["all others"] == sum(range(1, 9))


@pytest.mark.parametrize("cells", [["anna", "bert", "bert"], [float(value) for value in range(40)]])
def test_masked_groups_show_no_value(cells: list[object]) -> None:
    found = named(cells, masked=True)
    assert all(name.startswith(("group ", "part ")) for name in found)
    assert list(found.values()) == list(named(cells).values())
