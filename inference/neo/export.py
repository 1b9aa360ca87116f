"""Models of today's XGBoost, read from its own JSON, as XGBoost 1.3 holds them: the same predictions to the last bit.

What 1.3 cannot hold is refused by its name, with what to do instead.
"""

from __future__ import annotations

import json
import struct
from typing import Any, Mapping, Sequence

from inference.neo.objectives import objective
from inference.neo.trees import DELETED, GBTREE, ROOT, NeoError, Tree, Trees, constant

_NO_PARENT = 2147483647
_MOST_FEATURES = 1 << 31
_ENCODE = "XGBoost 1.3 has no such splits: train it on encoded columns, or leave `compile` away."


def from_json(text: str) -> Trees:
    """Return the model in the text of a `model.json`, up to the best iteration where training stopped early.

    Raises NeoError where the text is no model, or none that XGBoost 1.3 can hold.
    """
    try:
        learner = json.loads(text)["learner"]
        return _model(learner)
    except (KeyError, TypeError, ValueError, IndexError, OverflowError, AttributeError, struct.error) as error:
        if isinstance(error, NeoError):
            raise
        raise NeoError(f"The file is no model that XGBoost has saved as JSON ({error}).") from error


def _model(learner: Mapping[str, Any]) -> Trees:
    given = learner["learner_model_param"]
    booster = learner["gradient_booster"]
    if booster["name"] == "dart":
        raise NeoError(
            "The model is of the booster dart, whose trees XGBoost 1.3 adds up otherwise: its predictions would differ "
            "in their last bits. Train it with gbtree, or compile it with `sageline compile`, which takes dart."
        )
    if booster["name"] != GBTREE:
        name = booster["name"]
        raise NeoError(f"The model is of the booster {name}, and Neo compiles trees alone. Train it with gbtree.")
    if int(given.get("num_target", "1")) > 1:
        raise NeoError("The model predicts several targets, which XGBoost 1.3 does not. Train a model for each.")
    if "c" in (learner.get("feature_types") or ()):
        raise NeoError(f"The model has categorical columns. {_ENCODE}")
    model = booster["model"]
    wanted = objective(learner["objective"])
    classes = int(given["num_class"])
    kept = _kept(model, learner.get("attributes", {}), max(classes, 1))
    trees = [_tree(each, number) for number, each in enumerate(model["trees"][:kept])]
    groups = [int(each) for each in model["tree_info"][:kept]]
    scores = _base_scores(given["base_score"])
    if len(set(scores)) > 1:
        # 1.3 starts all classes from one score. From zero, a tree that adds the same to each row starts them from each
        # class's own: 0 + score is that score to the last bit.
        first = [constant(score) for score in scores]
        trees, groups = first + trees, list(range(len(first))) + groups
        scores = [0.0]
    return Trees(
        objective=wanted.name,
        base_score=scores[0],
        features=_features(given),
        classes=classes,
        trees=trees,
        groups=groups,
        attributes={"objective": wanted.settings},
    )


def _features(given: Mapping[str, Any]) -> int:
    count = int(given["num_feature"])
    if not 0 < count < _MOST_FEATURES:
        raise NeoError(f"The model has {count} features, which XGBoost 1.3 does not take.")
    return count


def _base_scores(text: str) -> list[float]:
    """Return the scores that a model starts from; since XGBoost 3.1 there is one for each class."""
    return [_single(float(each)) for each in text.strip("[]").split(",")]


def _single(value: float) -> float:
    """Return a number in single precision, in which XGBoost computes."""
    return float(struct.unpack("<f", struct.pack("<f", value))[0])


def _kept(model: Mapping[str, Any], attributes: Mapping[str, str], outputs: int) -> int:
    """Return how many trees count: serving leaves out those that came after the best iteration."""
    count = len(model["trees"])
    best = attributes.get("best_iteration")
    if best is None:
        return count
    starts: Sequence[int] = model.get("iteration_indptr") or ()
    end = int(best) + 1
    if starts:
        return int(starts[min(end, len(starts) - 1)])
    parallel = int(model["gbtree_model_param"].get("num_parallel_tree", "1"))
    return min(count, end * outputs * max(parallel, 1))


def _tree(tree: Mapping[str, Any], number: int) -> Tree:
    param = tree["tree_param"]
    if int(param.get("size_leaf_vector", "0")) > 1:
        raise NeoError("The leaves of the model hold vectors. Train it without multi_strategy=multi_output_tree.")
    if any(tree.get("split_type", ())) or tree.get("categories_nodes"):
        raise NeoError(f"Tree {number} of the model splits by categories. {_ENCODE}")
    lefts = [int(each) for each in tree["left_children"]]
    size = len(lefts)
    features = [int(each) for each in tree["split_indices"]]
    if not all(len(tree[each]) == size for each in ("right_children", "parents", "split_conditions", "default_left")):
        raise NeoError(f"Tree {number} of the model is damaged: its lists have different lengths.")
    return Tree(
        parents=[ROOT if int(each) == _NO_PARENT else int(each) for each in tree["parents"]],
        lefts=lefts,
        rights=[int(each) for each in tree["right_children"]],
        features=features,
        missing_left=[bool(each) for each in tree["default_left"]],
        values=[float(each) for each in tree["split_conditions"]],
        gains=[float(each) for each in tree["loss_changes"]],
        hessians=[float(each) for each in tree["sum_hessian"]],
        weights=[float(each) for each in tree["base_weights"]],
        leaf_counts=[0] * size,
        deleted=sum(feature == DELETED >> 1 for feature in features) if int(param.get("num_deleted", "0")) else 0,
    )
