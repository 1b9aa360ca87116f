"""Reads XGBoost's own model files, JSON or UBJSON, into a forest.

What makes a prediction is told in XGBoost's source: `src/learner.cc` (the intercept and its link),
`src/gbm/gbtree.cc` (the order of trees, dropped trees), `src/objective/*` (what is done to the sums).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.compiler import mathf, ubjson
from inference.compiler.errors import CompileError
from inference.compiler.forest import Forest, Link, Tree

FILES = ("model.json", "model.ubj", "xgboost-model")
"""Names under which an archive holds an XGBoost model, in the order they are looked for."""

_LINEAR_MEAN = {
    "reg:squarederror",
    "reg:linear",
    "reg:squaredlogerror",
    "reg:pseudohubererror",
    "reg:absoluteerror",
    "reg:quantileerror",
    "binary:logitraw",
    "rank:ndcg",
    "rank:pairwise",
    "rank:map",
}
_LOGISTIC = {"binary:logistic", "reg:logistic"}
_LOG = {"reg:gamma", "count:poisson", "reg:tweedie", "survival:cox"}
_WIDE_LOG = {"survival:aft"}
_OTHERS = {"multi:softprob": Link.SOFTMAX, "multi:softmax": Link.LARGEST, "binary:hinge": Link.HINGE}
_START = re.compile(rb'\{(\s*"learner"|[iUIlL].{1,8}learner)', re.DOTALL)
_MOST_FEATURES, _MOST_OUTPUTS = 100_000, 4096
_EDGE = np.float32(1e-6)
"""XGBoost keeps the intercept of logistic objectives this far from 0 and 1."""


def find(folder: Path) -> Path | None:
    """The XGBoost model file in a folder, if there is one."""
    named = [folder / name for name in FILES if (folder / name).is_file()]
    others = sorted(path for path in folder.glob("*") if path.suffix in (".json", ".ubj") and looks_like(path))
    return next(iter([*named, *others]), None)


def looks_like(path: Path) -> bool:
    """Whether a file starts as XGBoost's models do, in JSON or UBJSON."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return bool(_START.match(file.read(64)))


def read(path: Path) -> Forest:
    """Read a model file; raises CompileError for what it does not hold or what cannot be compiled, by name."""
    raw = _load(path)
    try:
        return _forest(raw)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise CompileError(f"{path.name} is not a model file as XGBoost writes it ({error!r}).") from error


def _load(path: Path) -> Mapping[str, Any]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CompileError(f"{path.name} cannot be read: {error.strerror}.") from error
    if data[:1] != b"{":
        raise CompileError(
            f"{path.name} is not in XGBoost's JSON or UBJSON; load it with the XGBoost that wrote it and save it as "
            "model.json."
        )
    try:
        raw = json.loads(data) if data[1:64].lstrip()[:1] == b'"' else ubjson.loads(data)
    except (ValueError, RecursionError) as error:
        raise CompileError(f"{path.name} cannot be read as JSON or UBJSON: {error}.") from error
    if not isinstance(raw, dict) or "learner" not in raw:
        raise CompileError(f"{path.name} is no XGBoost model: it has no learner.")
    return raw


def _forest(raw: Mapping[str, Any]) -> Forest:
    learner = raw["learner"]
    parameters = learner["learner_model_param"]
    objective = learner["objective"]["name"]
    booster = learner["gradient_booster"]
    if booster["name"] == "gblinear":
        raise CompileError("a model of the booster gblinear has no trees to compile; train with gbtree.")
    if booster["name"] not in ("gbtree", "dart"):
        raise CompileError(f"models of the booster {booster['name']} cannot be compiled; train with gbtree or dart.")
    link, to_margin = _link(objective)
    groups = max(int(parameters["num_class"]), int(parameters.get("num_target", 1)), 1)
    width = int(parameters["num_feature"])
    if groups > _MOST_OUTPUTS or not 0 < width <= _MOST_FEATURES:
        raise CompileError(
            f"models of {width} features and {groups} outputs are not compiled, but of up to {_MOST_FEATURES} and "
            f"{_MOST_OUTPUTS}; serve them with XGBoost."
        )
    margins = _margins(parameters["base_score"], groups, to_margin)
    best = learner.get("attributes", {}).get("best_iteration")
    trees = _Trees(booster, groups)
    count = trees.count(None if best is None else int(best))
    return Forest(
        width=width,
        margins=tuple(float(value) for value in margins),
        trees=tuple(trees.tree(place, margins) for place in range(count)),
        link=link,
        objective=objective,
        best_iteration=None if best is None else int(best),
    )


def _link(objective: str) -> tuple[Link, Callable[[np.float32], np.float32]]:
    if objective in _LINEAR_MEAN:
        return Link.IDENTITY, np.float32
    if objective in _LOGISTIC:
        return Link.SIGMOID, _logit
    if objective in _LOG:
        return Link.EXPONENTIAL, mathf.log
    if objective in _WIDE_LOG:
        return Link.WIDE_EXPONENTIAL, mathf.log
    if objective in _OTHERS:
        return _OTHERS[objective], np.float32
    raise CompileError(f"models of the objective {objective} cannot be compiled; serve them with XGBoost.")


def _logit(probability: np.float32) -> np.float32:
    one = np.float32(1.0)
    inside = min(max(probability, _EDGE), one - _EDGE)
    return np.float32(-mathf.log(one / inside - one))


def _margins(text: str, groups: int, to_margin: Callable[[np.float32], np.float32]) -> NDArray[np.float32]:
    given = [np.float32(part) for part in text.strip().strip("[]").split(",")]
    found = np.array([to_margin(value) for value in given], dtype=np.float32)
    if len(found) == 1:
        found = np.repeat(found, groups)
    if len(found) != groups or not np.isfinite(found).all():
        raise CompileError(f"the model's base_score {text[:60]} does not fit its {groups} outputs.")
    return found


@dataclass(frozen=True)
class _Trees:
    """The trees of a booster, which for dart have weights."""

    model: Mapping[str, Any]
    weights: NDArray[np.float32] | None
    groups: int

    def __init__(self, booster: Mapping[str, Any], groups: int) -> None:
        dart = booster["name"] == "dart"
        object.__setattr__(self, "model", booster["gbtree"]["model"] if dart else booster["model"])
        weights = np.array(booster["weight_drop"], dtype=np.float32) if dart else None
        object.__setattr__(self, "weights", weights)
        object.__setattr__(self, "groups", groups)

    def count(self, best: int | None) -> int:
        """How many trees count: those of the rounds up to the best one."""
        total = len(self.model["trees"])
        if best is None:
            return total
        starts = self.model.get("iteration_indptr")
        if starts is not None and len(starts) > 1:
            return int(starts[min(best + 1, len(starts) - 1)])
        a_round = int(self.model["gbtree_model_param"].get("num_parallel_tree", 1) or 1) * self.groups
        return min(total, (best + 1) * a_round)

    def tree(self, place: int, margins: NDArray[np.float32]) -> Tree:
        raw = self.model["trees"][place]
        _refuse(raw)
        group = int(self.model["tree_info"][place])
        left = np.asarray(raw["left_children"], dtype=np.int32)
        values = np.asarray(raw["split_conditions"], dtype=np.float32)
        leaf = values
        if self.weights is not None:
            # XGBoost's in-place prediction takes the intercept off a sum that began with it, and its rounding with it.
            margin = margins[group]
            leaf = ((margin + values) - margin) * self.weights[place]
        tree = Tree(
            left=left,
            right=np.asarray(raw["right_children"], dtype=np.int32),
            feature=np.asarray(raw["split_indices"], dtype=np.int32),
            threshold=values,
            missing_left=np.asarray(raw["default_left"], dtype=np.bool_),
            leaf=leaf,
            group=group,
        )
        _check(tree, self.groups)
        return tree


def _refuse(raw: Mapping[str, Any]) -> None:
    if int(raw["tree_param"].get("size_leaf_vector", 1) or 1) > 1:
        raise CompileError(
            "trees with vectors in their leaves (multi_strategy multi_output_tree) cannot be compiled; train with "
            "one_output_per_tree."
        )
    if len(raw.get("categories_nodes", ())) or np.any(np.asarray(raw.get("split_type", ()), dtype=np.int32)):
        raise CompileError(
            "trees with categorical splits cannot be compiled; train on encoded columns, as Prepare makes them."
        )


def _check(tree: Tree, groups: int) -> None:
    """Hold a tree from a file to what can be walked: children that exist, and numbers that can be compared."""
    nodes = len(tree.left)
    inner = tree.left >= 0
    parts = (tree.right, tree.feature, tree.threshold, tree.missing_left)
    fine = (
        nodes > 0
        and 0 <= tree.group < groups
        and all(len(part) == nodes for part in parts)
        and all(bool(np.all((part[inner] > 0) & (part[inner] < nodes))) for part in (tree.left, tree.right))
        and bool(np.all(tree.feature[inner] >= 0))
        and not np.isnan(tree.threshold[inner]).any()
    )
    if not fine:
        raise ValueError("a tree whose nodes do not fit together")
