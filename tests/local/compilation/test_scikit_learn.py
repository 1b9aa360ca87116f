"""The forests that searches keep of scikit-learn's are compiled from the form that they are kept in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingRegressor, RandomForestClassifier
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped] # it has no types

from inference.compiler import host_target
from inference.compiler.library import Library
from local.automl.trees import write_boosting, write_forest
from local.compilation.models import compile_any

ROWS = np.random.default_rng(3).normal(size=(400, 5)).astype(np.float32)
SUMS = ROWS[:, 0] + ROWS[:, 1] * ROWS[:, 2]


@pytest.mark.parametrize("family", [RandomForestClassifier, ExtraTreesClassifier])
def test_a_forest_answers_as_scikit_learn_does(
    family: type[RandomForestClassifier | ExtraTreesClassifier], tmp_path: Path
) -> None:
    model = family(12, random_state=7).fit(ROWS, np.digitize(SUMS, [-0.5, 0.5]))
    write_forest(model, tmp_path / "model.json", kind="multiclass", width=5)
    made = compile_any(tmp_path, tmp_path / "out", host_target(), ROWS)
    assert made.library
    assert made.facts["checked"]["differing"] == 0
    found = Library(made.library, 5, 3).scores(ROWS)
    np.testing.assert_allclose(found, model.predict_proba(ROWS), rtol=3e-6, atol=2e-6)


def test_histogram_gradient_boosting_answers_as_scikit_learn_does(tmp_path: Path) -> None:
    with threadpool_limits(1):
        model = HistGradientBoostingRegressor(max_iter=15, random_state=7).fit(ROWS, SUMS)
        wanted = model.predict(ROWS)
    write_boosting(model, tmp_path / "model.json", kind="regression", width=5)
    made = compile_any(tmp_path, tmp_path / "out", host_target(), ROWS)
    assert made.library
    assert made.facts["checked"]["differing"] == 0
    np.testing.assert_allclose(Library(made.library, 5, 1).scores(ROWS), wanted, rtol=3e-6, atol=2e-6)
