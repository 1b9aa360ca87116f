from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inference.archive import Archive
from inference.features import load_features
from inference.predict import LinearModel, ModelError, XGBoostModel, import_xgboost, load_model
from tests.inference.test_rows import features
from tests.support.jobs import program

MODELS = [(kind, model) for kind in ("binary", "multiclass", "regression") for model in ("linear", "xgboost")]


@pytest.mark.parametrize("key", MODELS)
def test_a_row_scores_the_same_alone_and_among_others(
    archives: dict[tuple[str, str], Archive], key: tuple[str, str]
) -> None:
    archive = archives[key]
    width = len(archive.features.feature_names())
    matrix = np.random.default_rng(3).normal(size=(300, width)).astype(np.float32)
    together = archive.model.scores(matrix)
    assert together.dtype == np.float32
    assert together.tobytes() == b"".join(archive.model.scores(matrix[row : row + 1]).tobytes() for row in range(300))
    assert len(np.unique(together)) > 10


@pytest.mark.parametrize("key", MODELS)
def test_importance_is_shares_of_the_features_that_matter(
    archives: dict[tuple[str, str], Archive], key: tuple[str, str]
) -> None:
    archive = archives[key]
    shares = dict(zip(archive.features.feature_names(), archive.model.importance(), strict=True))
    assert sum(shares.values()) == pytest.approx(1.0)
    assert shares["size"] > shares["age"]


def test_trees_after_the_best_iteration_are_not_used(
    model_folders: dict[tuple[str, str], Path], tmp_path: Path
) -> None:
    folder = model_folders["regression", "xgboost"]
    fitted = load_features(folder / "features.json")
    booster = import_xgboost().Booster(model_file=folder / "model.json")
    booster.set_attr(best_iteration="2")
    booster.save_model(tmp_path / "model.json")
    matrix = np.random.default_rng(3).normal(size=(50, len(fitted.feature_names()))).astype(np.float32)
    found = XGBoostModel(tmp_path / "model.json", fitted).scores(matrix)
    assert found.tolist() == booster.inplace_predict(matrix, iteration_range=(0, 3)).tolist()
    assert found.tolist() != booster.inplace_predict(matrix).tolist()


def linear(**change: Any) -> dict[str, Any]:
    width = len(features().feature_names())
    return {"format_version": 1, "coefficients": [[0.5] * width], "intercepts": [0.25], **change}


def test_a_linear_model_scores_by_its_coefficients() -> None:
    width = len(features().feature_names())
    model = LinearModel(linear(), features())
    assert model.scores(np.zeros((1, width), dtype=np.float32))[0] == pytest.approx(1 / (1 + np.exp(-0.25)))
    assert model.scores(np.full((1, width), 1e30, dtype=np.float32))[0] == 1.0


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ({"format_version": 9}, "format version 1"),
        ({"coefficients": "many"}, "coefficients and intercepts as numbers"),
        ({"coefficients": [[1.0]]}, "coefficients of shape"),
        ({"intercepts": [float("nan")]}, "not finite"),
    ],
)
def test_a_linear_model_that_cannot_be_used_is_refused(change: dict[str, Any], cause: str) -> None:
    with pytest.raises(ModelError, match=cause):
        LinearModel(linear(**change), features())


def test_a_model_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"holds neither model\.json nor linear\.json"):
        load_model(tmp_path, features())
    (tmp_path / "linear.json").write_text("{")
    with pytest.raises(ModelError, match=r"linear\.json cannot be read as JSON"):
        load_model(tmp_path, features())
    (tmp_path / "model.json").write_text(json.dumps({"learner": 3}))
    with pytest.raises(ModelError, match=r"model\.json is not a model that XGBoost"):
        load_model(tmp_path, features())


def test_a_model_of_another_width_is_refused(model_folders: dict[tuple[str, str], Path]) -> None:
    with pytest.raises(ModelError, match=r"model\.json takes \d+ features, features\.json makes 8"):
        load_model(model_folders["binary", "xgboost"], features())


def test_serving_loads_no_heavy_library() -> None:
    heavy = ("pandas", "sklearn", "scipy", "pyarrow", "xgboost")
    code = f"import sys, inference.serving; print([name for name in {heavy} if name in sys.modules])"
    assert program("timeit", "-n1", "-r1", code, environment={}).stdout.splitlines()[0] == "[]"


def test_xgboost_comes_without_scikit_learn() -> None:
    code = (
        "import sys; from inference.predict import import_xgboost as load; load(); "
        "print('sklearn' in sys.modules, 'pandas' in sys.modules); import sklearn; print(sklearn.__name__)"
    )
    assert program("timeit", "-n1", "-r1", code, environment={}).stdout.splitlines()[:2] == ["False False", "sklearn"]
