"""Tree ensembles of scikit-learn as XGBoost's own JSON, so that they are kept without pickle and served like any other.

Rows go the same way in both to the bit: features are 32-bit numbers, scikit-learn goes left at x <= t, XGBoost at
x < c, and c is the least 32-bit number above t.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.predict import import_xgboost

_ROOT_PARENT = 2**31 - 1
# Shares of probability are kept as multiples of this: their sums, at most 1, are exact in 32 bits and never above 1.
_GRAIN = 2.0**-24


@dataclass(frozen=True)
class Tree:
    """One tree with one value per leaf: arrays over its nodes; `left` is -1 in leaves, the root is node 0."""

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    feature: NDArray[np.int64]
    threshold: NDArray[np.float64]
    gain: NDArray[np.float64]
    weight: NDArray[np.float64]
    value: NDArray[np.float64]

    def by_level(self) -> Tree:
        """Return the tree with each right child behind its left one: XGBoost looks for it there, and not by its index.

        A fitted tree has its nodes in the order in which they were split.
        """
        order = [0]
        for node in order:  # it grows while it is gone through
            if self.left[node] >= 0:
                order += [int(self.left[node]), int(self.right[node])]
        place = np.full(len(self.left), -1, dtype=np.int64)
        place[order] = np.arange(len(order))
        left, right = self.left[order], self.right[order]
        return Tree(
            left=np.where(left >= 0, place[left], -1),
            right=np.where(right >= 0, place[right], -1),
            feature=self.feature[order],
            threshold=self.threshold[order],
            gain=self.gain[order],
            weight=self.weight[order],
            value=self.value[order],
        )


def write_forest(model: Any, path: Path, *, kind: str, width: int) -> None:
    """Write a fitted random forest or extra trees, whose scores are means of leaves."""
    outputs = len(model.classes_) if kind == "multiclass" else 1
    trees = [tree for member in model.estimators_ for tree in _of_forest(member.tree_, kind, len(model.estimators_))]
    _write(path, trees, objective="reg:squarederror", outputs=outputs, width=width, targets=True)


def write_boosting(model: Any, path: Path, *, kind: str, width: int) -> None:
    """Write a fitted histogram gradient boosting, whose margins are sums of leaves on a starting value."""
    start = np.ravel(model._baseline_prediction)
    trees = []
    for number, members in enumerate(model._predictors):
        for output, member in enumerate(members):
            trees.append(_of_boosting(member.nodes, float(start[output]) if number == 0 else 0.0))
    objective = {"binary": "binary:logistic", "multiclass": "multi:softprob"}.get(kind, "reg:squarederror")
    _write(path, trees, objective=objective, outputs=len(start), width=width, targets=False)


def _of_forest(tree: Any, kind: str, members: int) -> Iterator[Tree]:
    values = tree.value[:, 0, :]
    if kind == "regression":
        columns = [values[:, 0] / members]
    else:
        chosen = range(1, 2) if kind == "binary" else range(values.shape[1])
        columns = [np.floor(values[:, place] / members / _GRAIN) * _GRAIN for place in chosen]
    weight = np.asarray(tree.weighted_n_node_samples, dtype=np.float64)
    mass = weight * tree.impurity
    split = tree.children_left >= 0
    gain = np.where(split, mass - mass[tree.children_left] - mass[tree.children_right], 0.0)
    for column in columns:
        left, right = tree.children_left.astype(np.int64), tree.children_right.astype(np.int64)
        feature = np.where(split, tree.feature, 0).astype(np.int64)
        yield Tree(left, right, feature, np.asarray(tree.threshold), np.maximum(gain, 0.0), weight, column)


def _of_boosting(nodes: Any, start: float) -> Tree:
    leaf = nodes["is_leaf"].astype(bool)
    return Tree(
        left=np.where(leaf, -1, nodes["left"].astype(np.int64)),
        right=np.where(leaf, -1, nodes["right"].astype(np.int64)),
        feature=np.where(leaf, 0, nodes["feature_idx"].astype(np.int64)),
        threshold=nodes["num_threshold"].astype(np.float64),
        gain=np.where(leaf, 0.0, np.maximum(nodes["gain"], 0.0)).astype(np.float64),
        weight=nodes["count"].astype(np.float64),
        value=nodes["value"].astype(np.float64) + start,
    )


def _write(path: Path, trees: Sequence[Tree], *, objective: str, outputs: int, width: int, targets: bool) -> None:
    raw = _template(objective, outputs, width, targets=targets)
    booster = raw["learner"]["gradient_booster"]["model"]
    booster["trees"] = [_tree_json(tree.by_level(), number, width) for number, tree in enumerate(trees)]
    booster["tree_info"] = [number % outputs for number in range(len(trees))]
    booster["iteration_indptr"] = list(range(0, len(trees) + 1, outputs))
    booster["gbtree_model_param"]["num_trees"] = str(len(trees))
    path.write_text(json.dumps(raw, allow_nan=False), encoding="utf-8")


def _template(objective: str, outputs: int, width: int, *, targets: bool) -> Any:
    """Return a model of XGBoost's own making, as this version of it writes one, for its trees to be replaced."""
    xgboost = import_xgboost()
    labels = np.zeros((2, outputs)) if targets else np.array([0.0, float(outputs > 1 or objective[:3] != "reg")])
    settings: dict[str, Any] = {"objective": objective, "base_score": 0.5 if objective[:3] != "reg" else 0.0}
    if objective.startswith("multi:"):
        settings["num_class"] = outputs
    matrix = xgboost.DMatrix(np.zeros((2, width), dtype=np.float32), label=labels)
    trained = xgboost.train({**settings, "nthread": 1, "max_depth": 1}, matrix, num_boost_round=1)
    return json.loads(trained.save_raw("json"))


def _tree_json(tree: Tree, number: int, width: int) -> dict[str, Any]:
    leaf = tree.left < 0
    count = len(tree.left)
    parents = np.full(count, _ROOT_PARENT)
    for children in (tree.left, tree.right):
        parents[children[~leaf]] = np.flatnonzero(~leaf)
    conditions = np.where(leaf, tree.value.astype(np.float32), least_above(tree.threshold))
    return {
        "base_weights": _numbers(tree.value),
        "categories": [],
        "categories_nodes": [],
        "categories_segments": [],
        "categories_sizes": [],
        "default_left": [0] * count,
        "id": number,
        "left_children": tree.left.tolist(),
        "loss_changes": _numbers(tree.gain),
        "parents": parents.tolist(),
        "right_children": tree.right.tolist(),
        "split_conditions": _numbers(conditions),
        "split_indices": tree.feature.tolist(),
        "split_type": [0] * count,
        "sum_hessian": _numbers(tree.weight),
        "tree_param": {
            "num_deleted": "0",
            "num_feature": str(width),
            "num_nodes": str(count),
            "size_leaf_vector": "1",
        },
    }


def least_above(thresholds: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return the least 32-bit number above each threshold, of those that readers do not flush to zero."""
    near = thresholds.astype(np.float32)
    following = np.nextafter(near, np.float32(np.inf), dtype=np.float32)
    above = np.where(near.astype(np.float64) > thresholds, near, following)
    tiny = np.finfo(np.float32).tiny
    return np.where(np.abs(above) >= tiny, above, np.where(above > 0, tiny, np.float32(0)))


def _numbers(values: NDArray[Any]) -> list[float]:
    """Return 32-bit numbers with the fewest digits that give them back."""
    return [float(str(value)) for value in values.astype(np.float32)]
