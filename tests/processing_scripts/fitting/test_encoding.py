from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray
from sklearn.preprocessing import TargetEncoder

from inference.arrays import texts
from inference.bulk import BulkTransform
from inference.cells import DEFAULT_MISSING
from inference.columns import Encoded
from processing_scripts.fitting.encoding import FoldTable, encode_by_frequency, encode_by_target
from tests.inference.test_rows import features

FOLDS = 5


def table(rows: int = 2000) -> tuple[list[str], NDArray[np.float64], NDArray[np.uint8]]:
    draw = np.random.default_rng(4)
    towns = draw.zipf(1.5, rows) % 200
    y = (draw.random(rows) < (towns % 7) / 7).astype(np.float64)
    return [f"t{town}" for town in towns], y, (draw.integers(0, FOLDS, rows)).astype(np.uint8)


def fit(cells: list[Any], y: NDArray[np.float64], folds: NDArray[np.uint8]) -> tuple[Encoded, FoldTable]:
    codes, levels = texts(pa.array(cells), DEFAULT_MISSING)
    return encode_by_target("town", codes, levels, y[:, None], ["share of yes"], folds, FOLDS, 20.0)


def seen(column: Encoded, cells: list[Any]) -> NDArray[np.float64]:
    matrix = BulkTransform(features((column,))).matrix({"town": pa.array(cells, pa.string())}, len(cells))
    return matrix[:, 0].astype(np.float64)


def test_levels_stand_for_what_scikit_learn_makes_of_them() -> None:
    cells, y, folds = table()
    column, _ = fit(cells, y, folds)
    oracle = TargetEncoder(smooth=20.0, target_type="binary").fit(np.array(cells)[:, None], y)
    common = [level for level in column.levels if cells.count(level) >= 3]
    expected = oracle.transform(np.array(common)[:, None])[:, 0]
    found = seen(column, common)
    # What is served is standardised, so it is the same but for a shift and a scale.
    slope, shift = np.polyfit(found, expected, 1)
    assert found * slope + shift == pytest.approx(expected, abs=1e-6)
    rare = next(cell for cell in cells if cells.count(cell) == 1)
    assert seen(column, ["never seen"]) == seen(column, [rare])


def test_a_training_row_is_not_told_its_own_answer() -> None:
    cells, y, folds = table()
    codes, levels = texts(pa.array(cells), DEFAULT_MISSING)
    before, after = np.empty((2000, 1), np.float32), np.empty((2000, 1), np.float32)
    first = fit(cells, y, folds)[1]
    first.fill(codes, first.table(levels), folds, before)
    row = cells.index("t7")
    flipped = y.copy()
    flipped[row] = 1 - flipped[row]
    second = fit(cells, flipped, folds)[1]
    second.fill(codes, second.table(levels), folds, after)
    same_fold = folds == folds[row]
    # The scale changes a little for all rows; the order within the row's own fold cannot.
    assert (
        np.argsort(before[same_fold, 0], kind="stable").tolist()
        == np.argsort(after[same_fold, 0], kind="stable").tolist()
    )


def test_noise_is_not_learned_by_heart() -> None:
    draw = np.random.default_rng(5)
    cells, y = [f"id{n}" for n in draw.integers(0, 600, 2000)], draw.integers(0, 2, 2000).astype(np.float64)
    folds = draw.integers(0, FOLDS, 2000).astype(np.uint8)
    column, table = fit(cells, y, folds)
    codes, levels = texts(pa.array(cells), DEFAULT_MISSING)
    given = np.empty((2000, 1), np.float32)
    table.fill(codes, table.table(levels), folds, given)
    assert abs(np.corrcoef(given[:, 0], y)[0, 1]) < 0.1
    assert np.corrcoef(seen(column, cells), y)[0, 1] > 0.3


def test_missing_cells_stand_for_themselves() -> None:
    cells, y, folds = table()
    gaps: list[str | None] = [None if place % 3 == 0 else cell for place, cell in enumerate(cells)]
    y[::3] = 1.0
    column, _ = fit(gaps, y, folds)
    assert seen(column, [None])[0] > max(seen(column, ["t1", "never seen"]))


def test_frequencies_are_shares_of_training_rows() -> None:
    cells = ["a"] * 50 + ["b"] * 30 + ["c"] * 18 + ["rare"] * 2
    codes, levels = texts(pa.array(cells), DEFAULT_MISSING)
    column = encode_by_frequency("town", codes, levels)
    assert column.levels == ("a", "b", "c")
    found = seen(column, ["a", "b", "c", "rare", "new"])
    assert np.diff(found[:3]) / np.diff(found[:3])[0] == pytest.approx([1, 0.6])
    assert found[3] == found[4] < found[2]
