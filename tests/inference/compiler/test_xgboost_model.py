from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.growing import KINDS, grow
from inference.compiler import CompileError, compile_model, host_target
from inference.compiler.layout import lay_out
from inference.compiler.xgboost_model import find, read

Change = Callable[[dict[str, Any]], Any]


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    path = tmp_path_factory.mktemp("model") / "model.json"
    grow(KINDS[0], rounds=2).save_model(path)
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def trees(model: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = model["learner"]["gradient_booster"]["model"]["trees"]
    return found


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda model: trees(model)[0].update(split_type=[1] * 99), "categorical splits cannot be compiled"),
        (lambda model: trees(model)[0]["tree_param"].update(size_leaf_vector="3"), "vectors in their leaves"),
        (lambda model: model["learner"]["objective"].update(name="my:own"), "objective my:own cannot be compiled"),
        (lambda model: model["learner"]["gradient_booster"].update(name="other"), "the booster other cannot"),
        (lambda model: model["learner"].pop("objective"), "is not a model file as XGBoost writes it"),
        (lambda model: trees(model)[0].update(left_children=[5] * 3), "is not a model file as XGBoost writes it"),
        (lambda model: trees(model)[0]["left_children"].__setitem__(0, 10_000), "is not a model file"),
        (lambda model: trees(model)[0]["split_conditions"].__setitem__(0, float("nan")), "is not a model file"),
        (
            lambda model: model["learner"]["learner_model_param"].update(num_feature="2000000000"),
            "are not compiled, but",
        ),
        (
            lambda model: model["learner"]["learner_model_param"].update(num_class="1000000"),
            "and 1000000 outputs are not",
        ),
        (lambda model: model["learner"]["learner_model_param"].update(base_score="[1,2,3]"), "does not fit its 1 outp"),
    ],
)
def test_what_cannot_be_compiled_is_refused_by_name(
    raw: dict[str, Any], change: Change, words: str, tmp_path: Path
) -> None:
    changed = json.loads(json.dumps(raw))
    change(changed)
    (tmp_path / "model.json").write_text(json.dumps(changed))
    with pytest.raises(CompileError, match=words):
        read(tmp_path / "model.json")


def test_a_tree_that_leads_back_to_itself_is_refused(raw: dict[str, Any], tmp_path: Path) -> None:
    changed = json.loads(json.dumps(raw))
    tree = trees(changed)[0]
    tree["left_children"][2] = 1
    tree["right_children"][2] = 1
    tree["left_children"][1] = tree["right_children"][1] = 2
    (tmp_path / "model.json").write_text(json.dumps(changed))
    with pytest.raises(CompileError, match="leads back to a node it came from"):
        lay_out(read(tmp_path / "model.json"))


def test_a_feature_that_rows_do_not_have_is_refused(raw: dict[str, Any], tmp_path: Path) -> None:
    changed = json.loads(json.dumps(raw))
    trees(changed)[0]["split_indices"][0] = 77
    (tmp_path / "model.json").write_text(json.dumps(changed))
    with pytest.raises(CompileError, match="a tree asks for feature 77, and the model takes 9"):
        compile_model(tmp_path, tmp_path / "out", host_target())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"binf\x00\x00", "is not in XGBoost's JSON or UBJSON; load it with the XGBoost that wrote it"),
        (b'{"learner": ', "cannot be read as JSON or UBJSON"),
        (b'{"version": []}', "it has no learner"),
        (b"{L\x00\x00\x00\x00\x00\x00\x00\x07learner{", "cannot be read as JSON or UBJSON"),
    ],
)
def test_files_of_another_format_are_refused(content: bytes, words: str, tmp_path: Path) -> None:
    (tmp_path / "xgboost-model").write_bytes(content)
    path = find(tmp_path)
    assert path
    with pytest.raises(CompileError, match=words):
        read(path)


def test_the_model_is_found_by_its_name_or_by_how_it_begins(raw: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "features.json").write_text('{"format_version": 1, "note": "learner"}')
    assert find(tmp_path) is None
    (tmp_path / "anything.json").write_text(json.dumps(raw))
    assert find(tmp_path) == tmp_path / "anything.json"
    with pytest.raises(CompileError, match=r"holds no model that is compiled here: none of model\.json"):
        compile_model(tmp_path / "nothing", tmp_path / "out", host_target())
