"""Models of the binary file of XGBoost 1.3 as the JSON that newer versions, and the compiler, read."""

from __future__ import annotations

import json
from typing import Any

from inference.neo.trees import ROOT, Tree, Trees

_VERSION = [2, 0, 0]
"""The oldest whose files today's XGBoost takes without a warning; what is written has not changed since 1.3."""
_NO_PARENT = 2147483647


def to_json(model: Trees) -> str:
    """Return the text of a `model.json`."""
    count = str(len(model.trees))
    settings = model.attributes.get("objective")
    trees = {
        "gbtree_model_param": {"num_trees": count, "num_parallel_tree": "1", "size_leaf_vector": "0"},
        "trees": [_tree(tree, number, model.features) for number, tree in enumerate(model.trees)],
        "tree_info": list(model.groups),
    }
    learner: dict[str, Any] = {
        "learner_model_param": {
            "base_score": repr(float(model.base_score)),
            "num_class": str(model.classes),
            "num_feature": str(model.features),
        },
        "objective": json.loads(settings) if settings else {"name": model.objective},
        "gradient_booster": {"name": "gbtree", "model": trees},
        "attributes": {name: text for name, text in model.attributes.items() if name != "objective"},
        "feature_names": [],
        "feature_types": [],
    }
    return json.dumps({"version": _VERSION, "learner": learner})


def _tree(tree: Tree, number: int, features: int) -> dict[str, Any]:
    size = tree.size
    return {
        "id": number,
        "tree_param": {
            "num_deleted": str(tree.deleted),
            "num_feature": str(features),
            "num_nodes": str(size),
            "size_leaf_vector": "0",
        },
        "parents": [_NO_PARENT if each == ROOT else each for each in tree.parents],
        "left_children": list(tree.lefts),
        "right_children": list(tree.rights),
        "split_indices": list(tree.features),
        "split_conditions": list(tree.values),
        "split_type": [0] * size,
        "default_left": [int(each) for each in tree.missing_left],
        "loss_changes": list(tree.gains),
        "sum_hessian": list(tree.hessians),
        "base_weights": list(tree.weights),
        "categories": [],
        "categories_nodes": [],
        "categories_segments": [],
        "categories_sizes": [],
    }
