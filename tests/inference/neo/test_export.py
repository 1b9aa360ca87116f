from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from inference.neo import export
from inference.neo.objectives import AS_SQUARED_ERROR, KNOWN
from inference.neo.trees import NeoError
from inference.predict import import_xgboost
from tests.inference.neo.conftest import Exported
from tests.inference.neo.models import KINDS, ROWS, Trained
from training_scripts import defaults

NAMES = [*KINDS, "stopped early"]


@pytest.mark.parametrize("name", NAMES)
def test_a_real_xgboost_1_3_predicts_the_same_to_the_last_bit(exported: Mapping[str, Exported], name: str) -> None:
    found = exported[name]
    assert len(found.before) == len(found.after) == ROWS
    before, after = (each.reshape(ROWS, -1).view(np.uint32) for each in (found.before, found.after))
    assert int((before != after).sum()) == 0
    assert len(np.unique(before)) > 1


def test_every_objective_that_we_train_and_every_one_that_is_known_is_among_them() -> None:
    tried = {chosen["objective"] for _, chosen in KINDS.values()}
    ours = {defaults.objective(kind, 3)["objective"] for kind in ("binary", "multiclass", "regression")}
    assert ours < tried
    assert tried == {*KNOWN, *AS_SQUARED_ERROR}


def test_classes_start_from_their_own_scores_by_trees_that_add_the_same_to_every_row(
    trained: Mapping[str, Trained],
) -> None:
    text = trained["multiclass"].json.read_text(encoding="utf-8")
    starts = json.loads(text)["learner"]["learner_model_param"]["base_score"].strip("[]").split(",")
    assert len(set(starts)) == 4
    model = export.from_json(text)
    assert model.base_score == 0.0
    assert [tree.size for tree in model.trees[:4]] == [1, 1, 1, 1]
    assert [tree.values[0] for tree in model.trees[:4]] == pytest.approx([float(start) for start in starts])
    assert list(model.groups[:8]) == [0, 1, 2, 3, 0, 1, 2, 3]


def test_trees_beyond_the_best_round_are_left_out(trained: Mapping[str, Trained]) -> None:
    text = trained["stopped early"].json.read_text(encoding="utf-8")
    learner = json.loads(text)["learner"]
    best = int(learner["attributes"]["best_iteration"])
    assert best + 1 < len(learner["gradient_booster"]["model"]["trees"])
    assert len(export.from_json(text).trees) == best + 1


def _set(*path: str | int, value: Any) -> Callable[[Any], None]:
    def change(learner: Any) -> None:
        place = learner
        for part in path[:-1]:
            place = place[part]
        place[path[-1]] = value

    return change


_TREE = ("gradient_booster", "model", "trees", 1)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_set("gradient_booster", "name", value="dart"), "of the booster dart, whose trees XGBoost 1.3 adds up"),
        (_set("gradient_booster", "name", value="gblinear"), "of the booster gblinear, and Neo compiles trees alone"),
        (_set("learner_model_param", "num_target", value="2"), "predicts several targets"),
        (_set("feature_types", value=["float", "c"]), "has categorical columns"),
        (_set(*_TREE, "split_type", 0, value=1), "Tree 1 of the model splits by categories"),
        (
            _set(*_TREE, "tree_param", "size_leaf_vector", value="3"),
            "hold vectors. Train it without multi_strategy=multi_output_tree.",
        ),
        (_set("objective", "name", value="survival:aft"), "does not have the objective survival:aft"),
        (_set(*_TREE, "parents", value=[0]), "its lists have different lengths"),
        (_set("learner_model_param", value={}), "no model that XGBoost has saved as JSON ('num_class')"),
    ],
)
def test_what_1_3_cannot_hold_is_refused_by_its_name(
    trained: Mapping[str, Trained], change: Callable[[Any], None], said: str
) -> None:
    whole = json.loads(trained["binary"].json.read_text(encoding="utf-8"))
    change(whole["learner"])
    with pytest.raises(NeoError) as caught:
        export.from_json(json.dumps(whole))
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("chosen", "columns", "said"),
    [
        ({"multi_strategy": "multi_output_tree", "tree_method": "hist"}, 2, "predicts several targets"),
        ({"booster": "gblinear"}, 1, "Train it with gbtree."),
        ({"booster": "dart"}, 1, "or compile it with `sageline compile`, which takes dart."),
    ],
)
def test_models_that_really_are_so_are_refused(chosen: Mapping[str, Any], columns: int, said: str) -> None:
    xgboost = import_xgboost()
    features = np.random.default_rng(1).normal(size=(200, 3))
    target = features[:, :columns]
    booster = xgboost.train({"nthread": 1, **chosen}, xgboost.DMatrix(features, target, nthread=1), 2)
    with pytest.raises(NeoError) as caught:
        export.from_json(booster.save_raw("json").decode())
    assert said in str(caught.value)


def test_real_categorical_splits_are_refused() -> None:
    xgboost = import_xgboost()
    random = np.random.default_rng(1)
    features = random.integers(0, 6, (500, 1)).astype(np.float32)
    target = np.isin(features[:, 0], (1, 4)).astype(np.float32)
    matrix = xgboost.DMatrix(features, target, feature_types=["c"], enable_categorical=True, nthread=1)
    booster = xgboost.train({"nthread": 1, "max_cat_to_onehot": 1}, matrix, 2)
    with pytest.raises(NeoError, match="categorical columns"):
        export.from_json(booster.save_raw("json").decode())


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"learner": 3}', "\ud800"])
def test_what_is_no_model_is_refused(text: str) -> None:
    with pytest.raises(NeoError, match="no model that XGBoost has saved as JSON"):
        export.from_json(text)
