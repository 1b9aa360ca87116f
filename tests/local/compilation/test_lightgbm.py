"""LightGBM's text models, compiled and held to LightGBM itself."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.growing_lightgbm import KINDS, WIDTH, Kind, grow, table
from inference.compiler import CompileError, Target, emulator, host_target
from inference.compiler.compiling import compile_subject
from inference.compiler.library import Library
from local.compilation.lightgbm_text import ZERO
from local.compilation.lightgbm_trees import LightGBMTrees
from local.compilation.models import compile_any

ARM = Target("LINUX", "ARM64")


@pytest.fixture(scope="module")
def text() -> str:
    """The text of a model of regression."""
    made: str = grow("regression").model_to_string()
    return made


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_kind_answers_with_the_bits_of_lightgbm(kind: Kind, tmp_path: Path) -> None:
    booster = grow(kind.objective, **kind.settings)
    booster.save_model(tmp_path / "model.txt")
    made = compile_any(tmp_path, tmp_path / "out", host_target(), table(500))
    assert made.library
    assert made.facts["checked"]["differing"] == 0
    assert made.facts["checked"]["given_rows"] == 500
    rows = table(3000, seed=8)
    rows[::7, 1] = np.nextafter(ZERO, np.float32(1))
    rows[::11, 3] = -ZERO
    expected = np.asarray(booster.predict(rows, num_threads=1)).astype(np.float32)
    assert len(np.unique(expected)) > 20
    found = Library(made.library, WIDTH, made.facts["outputs"]).scores(rows)
    assert found.tobytes() == expected.tobytes()


@pytest.mark.skipif(emulator.find(ARM) is None, reason="no qemu with the target's C library")
def test_other_processors_answer_with_the_same_bits(tmp_path: Path) -> None:
    grow("multiclass", num_class=3).save_model(tmp_path / "model.txt")
    made = compile_any(tmp_path, tmp_path / "out", ARM)
    assert made.facts["checked"]["how"].startswith("run by qemu-aarch64")
    assert made.facts["checked"]["differing"] == 0


def test_a_differing_bit_of_one_leaf_is_found(tmp_path: Path) -> None:
    booster = grow("regression")
    booster.save_model(tmp_path / "model.txt")
    subject = LightGBMTrees(tmp_path / "model.txt")
    leaf = subject.forest.trees[3].leaf
    leaf[-1] += 1e-6
    with pytest.raises(CompileError, match="the compiled model differs from the model in"):
        compile_subject(subject, tmp_path / "out", host_target())
    assert not any((tmp_path / "out").iterdir())


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("objective=regression", "objective=cross_entropy_lambda", "of the objective cross_entropy_lambda cannot be"),
        ("objective=regression", "", "of the objective custom cannot be compiled"),
        ("num_cat=0", "num_cat=1", "categorical splits cannot be compiled; train on encoded columns"),
        ("is_linear=0", "is_linear=1", "linear models in their leaves cannot be compiled; train without linear_tree"),
        ("max_feature_idx=5", "max_feature_idx=100000", "models of 100001 features and 1 outputs are not compiled"),
        ("max_feature_idx=5", "max_feature_idx=1", "splits do not fit the model's features"),
        ("left_child=1 ", "left_child=999 ", "nodes do not fit together"),
        ("left_child=1 ", "left_child=-999 ", "nodes do not fit together"),
        ("left_child=1 ", "left_child=", "13 values where 14 whole numbers belong"),
        ("leaf_value=", "leaf_value=nan", "is not a text model as LightGBM writes it"),
        ("num_leaves=15", "num_leaves=many", "is not a text model as LightGBM writes it"),
        ("num_tree_per_iteration=1", "num_tree_per_iteration=5", "12 trees for 5 outputs"),
    ],
)
def test_what_cannot_be_compiled_is_refused_by_name(text: str, old: str, new: str, words: str, tmp_path: Path) -> None:
    assert old in text
    (tmp_path / "model.txt").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(CompileError, match=words):
        compile_any(tmp_path, tmp_path / "out", host_target())


def test_zeros_that_are_missing_values_in_some_trees_alone_are_refused(tmp_path: Path) -> None:
    text = grow("regression", zero_as_missing=True).model_to_string()
    place = text.index("decision_type=", text.index("Tree=3"))
    (tmp_path / "model.txt").write_text(text[:place] + text[place:].replace("=6 ", "=2 ", 1), encoding="utf-8")
    with pytest.raises(CompileError, match="train all rounds with the same zero_as_missing"):
        compile_any(tmp_path, tmp_path / "out", host_target())


def test_of_several_models_none_is_chosen(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        grow("regression", rounds=1).save_model(tmp_path / name)
    with pytest.raises(CompileError, match=r"2 models of LightGBM \(a.txt, b.txt\), and must be one"):
        compile_any(tmp_path, tmp_path / "out", host_target())


def test_without_lightgbm_the_sentence_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    grow("regression").save_model(tmp_path / "model.txt")
    monkeypatch.setitem(sys.modules, "lightgbm", None)
    with pytest.raises(CompileError, match="pip install lightgbm"):
        compile_any(tmp_path, tmp_path / "out", host_target())
