from __future__ import annotations

import json
import logging
import shutil
from pathlib import Path

import numpy as np
import pytest

from inference.compiled import CompiledModel
from inference.compiler import Target, compile_model, host_target
from inference.features import load_features
from inference.predict import LinearModel, XGBoostModel, load_model, load_source

MODELS = [(kind, model) for kind in ("binary", "multiclass", "regression") for model in ("linear", "xgboost")]


def compiled_folder(trained: Path, into: Path, target: Target | None = None) -> Path:
    """A copy of a trained folder that carries compiled trees for one target."""
    shutil.copytree(trained, into, dirs_exist_ok=True)
    shutil.rmtree(into / "compiled", ignore_errors=True)
    target = target or host_target()
    compile_model(into, into / "compiled" / target.name, target)
    return into


@pytest.mark.parametrize("key", MODELS)
def test_the_compiled_model_answers_instead_of_the_model_with_the_same_bits(
    model_folders: dict[tuple[str, str], Path], key: tuple[str, str], tmp_path: Path
) -> None:
    folder = compiled_folder(model_folders[key], tmp_path / "model")
    features = load_features(folder / "features.json")
    found, source = load_model(folder, features), load_source(folder, features)
    assert isinstance(found, CompiledModel)
    assert isinstance(source, XGBoostModel | LinearModel)
    matrix = np.random.default_rng(3).normal(size=(200, len(features.feature_names()))).astype(np.float32)
    for rows in (matrix, matrix[:1], np.asfortranarray(matrix), matrix[:0], matrix[::7]):
        expected = source.scores(rows) if len(rows) else source.scores(matrix)[:0]
        assert found.scores(rows).dtype == np.float32
        assert found.scores(rows).shape == expected.shape
        assert found.scores(rows).tobytes() == expected.tobytes()
    assert found.name == source.name == key[1]
    assert found.importance().tolist() == source.importance().tolist()


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        ("library", "compiled.so is not the one that it was made with"),
        ("model", "model.json is not the one that it was made with"),
        ("version", "its format version is 99, not 1"),
        ("description", "its compiled.json cannot be read"),
        ("gone", "there is no compiled.so"),
        ("elsewhere", "it was made for linux-other, and this machine is"),
    ],
)
def test_xgboost_answers_where_the_compiled_trees_do_not_fit_and_the_log_says_why(
    model_folders: dict[tuple[str, str], Path],
    harm: str,
    reason: str,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    folder = compiled_folder(model_folders["binary", "xgboost"], tmp_path / "model")
    place = folder / "compiled" / host_target().name
    features = load_features(folder / "features.json")
    if harm == "library":
        (place / "compiled.so").write_bytes((place / "compiled.so").read_bytes() + b"\0")
    elif harm == "model":
        (folder / "model.json").write_bytes((folder / "model.json").read_bytes() + b"\n")
    elif harm == "version":
        facts = json.loads((place / "compiled.json").read_text())
        (place / "compiled.json").write_text(json.dumps({**facts, "format_version": 99}))
    elif harm == "description":
        (place / "compiled.json").write_text("[]")
    elif harm == "gone":
        (place / "compiled.so").unlink()
    else:
        place.rename(place.with_name("linux-other"))
    with caplog.at_level(logging.WARNING):
        assert isinstance(load_model(folder, features), XGBoostModel)
    assert len(caplog.messages) == 1
    assert reason in caplog.messages[0]


def test_rows_of_another_width_are_refused(model_folders: dict[tuple[str, str], Path], tmp_path: Path) -> None:
    folder = compiled_folder(model_folders["binary", "xgboost"], tmp_path / "model")
    model = load_model(folder, load_features(folder / "features.json"))
    with pytest.raises(ValueError, match="do not fit a model that takes"):
        model.scores(np.zeros((1, 1), np.float32))
