from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from inference.cells import missing_tokens
from inference.job import JobError
from processing_scripts.preparing.target import Target, decide

METRICS = {"auto": "accuracy", "binary": "auc", "multiclass": "f1_macro", "regression": "rmse"}


def target(cells: list[Any], kind: str = "auto", metric: str | None = None, positive: str | None = None) -> Target:
    tokens = missing_tokens(target=True)
    return decide("y", pa.array(cells), tokens, kind=kind, metric=metric or METRICS[kind], positive=positive)


@pytest.mark.parametrize(
    ("cells", "kind", "labels"),
    [
        (["a", "b", "b"] * 20, "binary", ("b", "a")),
        (["0", "1"] * 30, "binary", ("0", "1")),
        ([1.0, 0.0, 0.0] * 20, "binary", ("0", "1")),
        ([True, False, True] * 20, "binary", ("false", "true")),
        (["no", " yes"] * 30, "binary", ("no", "yes")),
        (["+", "-"] * 30, "binary", ("-", "+")),
        (["3", "10", "7"] * 20, "multiclass", ("3", "7", "10")),
        (["x", "y", "z"] * 20, "multiclass", ("x", "y", "z")),
    ],
)
def test_auto_finds_classes_and_their_order(cells: list[Any], kind: str, labels: tuple[str, ...]) -> None:
    found = target(cells)
    assert (found.kind, found.labels) == (kind, labels)


@pytest.mark.parametrize("cells", [[str(i) for i in range(60)], [i / 4 for i in range(8)] * 10])
def test_auto_takes_many_numbers_and_fractions_for_regression(cells: list[Any]) -> None:
    assert target(cells, metric="rmse").kind == "regression"


def test_values_are_class_indices_and_rows_without_a_target_are_left_out_and_noted() -> None:
    found = target(["no", "?", "yes", None, *["no", "yes"] * 30])
    assert found.values[[0, 2]].tolist() == [0, 1]
    assert np.isnan(found.values[[1, 3]]).all()
    assert found.notes == ["2 rows have no value in the target column y and were left out."]


def test_one_and_one_point_zero_are_one_class() -> None:
    found = target(["1", "1.0", "0", "2"] * 20)
    assert found.labels == ("0", "1", "2")
    assert found.values[:4].tolist() == [1, 1, 0, 2]


def test_the_positive_class_may_be_chosen() -> None:
    assert target(["no", "yes"] * 30, "binary", positive="no").labels == ("yes", "no")


def test_classes_of_one_or_two_rows_are_left_out_and_noted() -> None:
    found = target(["a", "b"] * 30 + ["c"] * 2, "multiclass")
    assert found.labels == ("a", "b")
    assert np.isnan(found.values[-2:]).all()
    assert found.notes == ["The class 'c' of y has only 2 rows, too few to split; they were left out."]


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        (["$1,200", "$950", "$12,500.50"], [1200, 950, 12500.5]),
        (["€1.200,00", "€950,50", "€7"], [1200, 950.5, 7]),
        (["1 200 €", "950 €", "1.5 €"], [1200, 950, 1.5]),
        (["12 %", "7.5 %", "100 %"], [12, 7.5, 100]),
    ],
)
def test_numbers_may_be_written_as_people_write_them(written: list[str], numbers: list[float]) -> None:
    cells = [*written, "", *(written[place % 3] for place in range(57))]
    found = target(cells, "regression")
    assert found.values[:3].tolist() == numbers
    assert np.isnan(found.values[3])
    assert "are written as people write them" in found.notes[-1]
    assert target([f"${1_000 + place:,}" for place in range(60)], metric="rmse").kind == "regression"


def test_classes_that_are_written_numbers_keep_their_names() -> None:
    assert target(["$1,200", "$950"] * 30).labels == ("$1,200", "$950")


@pytest.mark.parametrize(
    ("cells", "options", "sentence"),
    [
        (["a", "b"] * 5, {}, "10 rows have a value in the target column y, and at least 50 are needed"),
        (["a"] * 60, {}, "has one class only: every row says 'a'"),
        (["5"] * 60, {}, "has one class only: every row says '5'"),
        ([5.5] * 60, {"kind": "regression"}, "has one class only: every row says '5.5'"),
        (["a", "b", "c"] * 20, {"kind": "binary"}, "has 3 classes (a, b, c) and a binary problem has two"),
        (["a", "b"] * 30, {"kind": "binary", "positive": "x"}, "the positive class 'x' is not in the target column y"),
        (["a"] * 60 + ["b"] * 2, {"kind": "binary"}, "the class 'b' of the target column y has 2 rows"),
        ([str(i) for i in range(60)], {"kind": "multiclass"}, "fewer than two classes"),
        ([f"t{i}" for i in range(300)], {}, "has 300 different values, too many to be classes"),
        (
            ["a", "b", "c"] * 20,
            {"metric": "auc"},
            "the metric auc does not measure a multiclass problem; choose one of",
        ),
        (
            ["1", "x", "2", *map(str, range(60)), "y", "z", "w"],
            {"kind": "regression"},
            "holds text in row 2 ('x'), row 64 ('y'), row 65 ('z') and 1 more; mend those cells",
        ),
        (
            [*(f"${place},000" for place in range(60)), "on request"],
            {"kind": "regression"},
            "holds text in row 61 ('on request'); mend those cells",
        ),
        (
            [f"€{place}.{place:03}" for place in range(100, 160)],
            {"kind": "regression"},
            "such as '€100.100', of which nothing says whether that is 100.1 or 100,100; write plain numbers.",
        ),
    ],
)
def test_a_target_that_no_model_can_learn_is_refused(cells: list[Any], options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(JobError) as refused:
        target(cells, **options)
    assert sentence in str(refused.value)
