"""Ensembles of scikit-learn written as XGBoost's JSON score as scikit-learn scores them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped] # it has no types

from inference.features import Features
from inference.predict import XGBOOST_FILE, XGBoostModel
from local.automl.fitting import fit_column
from local.automl.training import Data, train
from local.automl.trees import Tree, least_above

SETTINGS: dict[str, dict[str, float | int]] = {
    "lightgbm": {"rounds": 12, "eta": 0.3, "leaves": 15, "least": 5},
    "randomforest": {"trees": 11, "least": 1, "share": 0.5},
    "extra-trees": {"trees": 11, "least": 2, "share": 0.5},
}
LOADERS: dict[str, Any] = {"binary": load_breast_cancer, "multiclass": load_digits, "regression": load_diabetes}


def data(kind: str, rows: int = 250) -> Data:
    """The bundled rows as they are, zeros and all: features need not be on one scale for this."""
    found = LOADERS[kind]()
    matrix = np.ascontiguousarray(found.data[:rows], dtype=np.float32)
    labels = tuple(str(label) for label in range(len(set(found.target)))) if kind != "regression" else ()
    wide = np.arange(rows, dtype=np.float64)
    columns = tuple(fit_column(f"c{place}", pa.array(wide), np.arange(rows)) for place in range(matrix.shape[1]))
    features = Features(kind, "y", "", labels, columns, frozenset(), "", 7)
    return Data(features, matrix, found.target[:rows].astype(np.float64))


@pytest.mark.parametrize("kind", LOADERS)
@pytest.mark.parametrize("family", SETTINGS)
def test_a_converted_model_scores_as_the_one_that_was_trained(family: str, kind: str, tmp_path: Path) -> None:
    given = data(kind)
    with threadpool_limits(1):  # as in a job: threads that spin beside busy cores take seconds
        library = train(family, given, SETTINGS[family], 7, tmp_path)

    model = XGBoostModel(tmp_path / XGBOOST_FILE, given.features)
    scores = model.scores(given.matrix)
    assert library is not None
    wanted = library(given.matrix)
    assert scores.shape == wanted.shape
    assert np.ptp(scores) > 0.5  # they say something
    np.testing.assert_allclose(scores, wanted, rtol=3e-6, atol=2e-6)
    assert model.importance().sum() == pytest.approx(1.0)
    if kind != "regression":
        assert scores.max() <= 1.0
        assert scores.min() >= 0.0


def test_rows_on_a_threshold_and_next_to_it_go_the_same_way() -> None:
    thresholds = np.array([0.1, 0.5, -0.1, 1 / 3, 0.0, -1e-42, 1e30])
    above = least_above(thresholds)
    for threshold, limit in zip(thresholds, above, strict=True):
        near = np.float32(threshold)
        for row in (near, np.nextafter(near, np.float32(np.inf)), np.nextafter(near, np.float32(-np.inf))):
            if row == 0 or abs(row) >= np.finfo(np.float32).tiny:
                assert bool(row < limit) == bool(float(row) <= threshold), (threshold, row)


def test_right_children_stand_behind_left_ones() -> None:
    # As scikit-learn has them, depth first: 0 -> (1 -> (2, 3), 4).
    zeros = np.zeros(5)
    tree = Tree(
        left=np.array([1, 2, -1, -1, -1]),
        right=np.array([4, 3, -1, -1, -1]),
        feature=np.array([0, 1, 0, 0, 0]),
        threshold=zeros,
        gain=zeros,
        weight=zeros,
        value=np.array([0.0, 0.0, 2.0, 3.0, 4.0]),
    ).by_level()

    split = tree.left >= 0
    assert (tree.right[split] == tree.left[split] + 1).all()
    assert tree.value.tolist() == [0.0, 0.0, 4.0, 2.0, 3.0]
    assert tree.feature.tolist() == [0, 1, 0, 0, 0]
