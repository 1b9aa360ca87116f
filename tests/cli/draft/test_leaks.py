from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from cli.draft.leaks import gives_class_away, gives_value_away
from inference.cells import DEFAULT_MISSING

ROWS = 2_000
DRAW = np.random.default_rng(5)
CLASSES = (DRAW.random(ROWS) < 0.3).astype(np.int64)
X = DRAW.normal(size=ROWS)


def of_class(
    cells: object, classes: np.ndarray[tuple[int], np.dtype[np.int64]] = CLASSES, numeric: bool = True
) -> float | None:
    return gives_class_away(pa.array(cells), classes, DEFAULT_MISSING, numeric)


def of_value(cells: object, numeric: bool = True) -> float | None:
    return gives_value_away(pa.array(cells), X, DEFAULT_MISSING, numeric)


def test_a_number_that_splits_the_classes_is_found() -> None:
    assert of_class(np.where(CLASSES == 1, 0.5, -0.5) + DRAW.random(ROWS) / 3) == 1.0


def test_a_code_of_the_class_is_found() -> None:
    assert of_class([f"code {value}" for value in CLASSES], numeric=False) == 1.0


def test_a_column_filled_for_one_class_only_is_found() -> None:
    assert of_class([f"reason {at % 3}" if value else "" for at, value in enumerate(CLASSES)], numeric=False) == 1.0
    assert of_class([float(X[at]) if value else None for at, value in enumerate(CLASSES)]) == 1.0


def test_several_classes_are_told_apart() -> None:
    classes = np.arange(ROWS) % 4
    assert of_class((classes * 10 + X).astype(str), classes) is not None
    assert of_class((classes * 2 + X).astype(str), classes) is None


@pytest.mark.parametrize("shift", [0.0, 1.0, 3.0])
def test_an_honest_number_is_none(shift: float) -> None:
    assert of_class(CLASSES * shift + X) is None


def test_rows_that_stand_twice_do_not_make_a_number_suspicious() -> None:
    assert of_class(np.repeat(X[: ROWS // 2], 2), np.repeat(CLASSES[: ROWS // 2], 2)) is None


def test_texts_of_their_own_tell_nothing() -> None:
    assert of_class([f"name {at}" for at in range(ROWS)], numeric=False) is None


def test_a_rare_class_that_is_missed_is_no_leak() -> None:
    rare = np.zeros(ROWS, dtype=np.int64)
    rare[:: ROWS // 4] = 1
    assert of_class(["x"] * ROWS, rare, numeric=False) is None


def test_few_rows_tell_nothing() -> None:
    assert of_class(CLASSES[:40], CLASSES[:40]) is None


def test_the_same_number_in_another_unit_is_found() -> None:
    assert of_value(X * 1.8 + 32) == pytest.approx(1.0)
    assert of_value(-np.exp(X)) == pytest.approx(1.0)


def test_the_same_number_as_a_text_is_found() -> None:
    rounded = np.round(X, 1)
    assert (
        gives_value_away(pa.array([f"about {value}" for value in rounded]), rounded, DEFAULT_MISSING, False) is not None
    )


def test_a_number_that_follows_with_noise_is_none() -> None:
    assert of_value(X + DRAW.normal(size=ROWS) * 0.2) is None
    assert of_value(DRAW.normal(size=ROWS)) is None


def test_constant_and_huge_numbers_are_none() -> None:
    assert of_value(np.full(ROWS, 3.0)) is None
    assert of_value(np.where(X > 0, 1e308, -1e308)) is None
