"""Reads LightGBM's text models into a forest.

What makes a prediction is told in LightGBM's source: `include/LightGBM/tree.h` (which way a row goes),
`src/application/predictor.hpp` (small numbers become zero), `src/boosting/gbdt_prediction.cpp` (the sums),
`src/objective/*` (what is done to them). treelite 4.8.1 reads these files too, but loses which features take
zeros for missing, and rounds the sigmoid's parameter to 32 bits: its forests could not be held to the last bit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.compiler.errors import CompileError
from inference.compiler.forest import Forest, Link, Tree, Wide

ZERO = np.float32(1e-35)
"""LightGBM takes numbers of this size and smaller ones for zero (`kZeroThreshold`)."""

_START = b"tree\nversion="
_END = "end of trees"
_MOST_FEATURES, _MOST_OUTPUTS = 100_000, 4096
_SUMS = {"regression", "regression_l1", "huber", "fair", "quantile", "mape", "lambdarank", "rank_xendcg"}
_LINKS = {
    **dict.fromkeys(_SUMS, Link.IDENTITY),
    **dict.fromkeys(("poisson", "gamma", "tweedie"), Link.WIDE_EXPONENTIAL),
    **dict.fromkeys(("binary", "multiclassova", "cross_entropy"), Link.WIDE_SIGMOID),
    "multiclass": Link.WIDE_SOFTMAX,
}
_CATEGORICAL, _LEFT = 1, 2
_MISSING_ZERO = 1
_Lines = Mapping[str, str]


def find(folder: Path) -> Path | None:
    """The LightGBM model in a folder, if there is one; raises CompileError where there are several."""
    found = sorted(path for path in folder.rglob("*.txt") if looks_like(path))
    if len(found) > 1:
        names = ", ".join(path.name for path in found)
        raise CompileError(f"there are {len(found)} models of LightGBM ({names}), and must be one.")
    return found[0] if found else None


def looks_like(path: Path) -> bool:
    """Whether a file starts as LightGBM's text models do."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(64).replace(b"\r\n", b"\n").startswith(_START)


def read(path: Path) -> Forest:
    """Read a model file; raises CompileError for what it does not hold or what cannot be compiled, by name."""
    try:
        return _forest(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CompileError(f"{path.name} cannot be read: {error.strerror}.") from error
    except (KeyError, ValueError, OverflowError) as error:
        raise CompileError(f"{path.name} is not a text model as LightGBM writes it ({error!r}).") from error


def _forest(text: str) -> Forest:
    head, *bodies = re.split(r"^Tree=\d+$", text.partition(f"\n{_END}")[0], flags=re.MULTILINE)
    facts = _lines(head)
    objective, *words = facts.get("objective", "custom").split() or ["custom"]
    if objective not in _LINKS:
        raise CompileError(f"models of the objective {objective} cannot be compiled; predict them with LightGBM.")
    groups, width = int(facts["num_tree_per_iteration"]), int(facts["max_feature_idx"]) + 1
    if not 0 < groups <= _MOST_OUTPUTS or not 0 < width <= _MOST_FEATURES:
        raise CompileError(
            f"models of {width} features and {groups} outputs are not compiled, but of up to {_MOST_FEATURES} and "
            f"{_MOST_OUTPUTS}; predict them with LightGBM."
        )
    if not bodies or len(bodies) % groups:
        raise ValueError(f"{len(bodies)} trees for {groups} outputs")
    parsed = [_lines(body) for body in bodies]
    return Forest(
        width=width,
        margins=(0.0,) * groups,
        trees=tuple(_tree(lines, place % groups, width) for place, lines in enumerate(parsed)),
        link=Link.SIGNED_SQUARE if "sqrt" in words and objective in _SUMS else _LINKS[objective],
        objective=objective,
        best_iteration=None,
        wide=Wide(
            slope=next((_number(word[8:]) for word in words if word.startswith("sigmoid:")), 1.0),
            rounds=len(bodies) // groups if "average_output" in facts else 1,
            zero=float(ZERO),
            missing_zeros=_missing_zeros(parsed),
        ),
    )


def _lines(text: str) -> _Lines:
    pairs = (line.partition("=") for line in text.splitlines())
    return {key.strip(): value.strip() for key, _, value in pairs if key.strip()}


def _number(text: str) -> float:
    """A parameter as LightGBM reads it, whole part and decimals by themselves: not always the nearest number."""
    found = re.fullmatch(r"(\d*)\.?(\d*)(?:[eE]([-+]?)(\d{1,2}))?", text)
    if found is None or not (found[1] or found[2]):
        raise ValueError(f"{text!r} is no number")
    value = float(int(found[1] or 0)) + int(found[2] or 0) / 10.0 ** len(found[2])
    scale = 10.0 ** int(found[4] or 0)
    return value / scale if found[3] == "-" else value * scale


def _tree(lines: _Lines, group: int, width: int) -> Tree:
    leaves = int(lines["num_leaves"])
    if int(lines["num_cat"]):
        raise CompileError(
            "trees with categorical splits cannot be compiled; train on encoded columns, without categorical_feature."
        )
    if int(lines.get("is_linear", 0)):
        raise CompileError("trees with linear models in their leaves cannot be compiled; train without linear_tree.")
    inner = leaves - 1
    values = _numbers(lines["leaf_value"], leaves)
    if not np.isfinite(values).all():
        raise ValueError("a leaf that is no finite number")
    kinds, features, left, right = (
        _integers(lines[name] if inner else "", inner)
        for name in ("decision_type", "split_feature", "left_child", "right_child")
    )
    thresholds = _numbers(lines["threshold"] if inner else "", inner)
    if np.any(kinds & _CATEGORICAL) or np.any((features < 0) | (features >= width)):
        raise ValueError("a tree whose splits do not fit the model's features")
    missing = (kinds >> 2) & 3
    default = (kinds & _LEFT) != 0
    none = np.full(leaves, -1, np.int32)
    return Tree(
        left=np.concatenate([_places(left, leaves), none]),
        right=np.concatenate([_places(right, leaves), none]),
        feature=np.concatenate([features, np.zeros(leaves)]).astype(np.int32),
        threshold=np.concatenate([_least_above(thresholds), np.zeros(leaves, np.float32)]),
        # Where a feature had no missing values, a missing one is a zero.
        missing_left=np.concatenate([np.where(missing == 0, thresholds >= 0.0, default), np.zeros(leaves, np.bool_)]),
        leaf=np.concatenate([np.zeros(inner), values]),
        group=group,
    )


def _numbers(text: str, count: int) -> NDArray[np.float64]:
    found = np.array(text.split(), dtype=np.float64)
    if len(found) != count or np.isnan(found).any():
        raise ValueError(f"{len(found)} values where {count} numbers belong")
    return found


def _integers(text: str, count: int) -> NDArray[np.int64]:
    found = np.array(text.split(), dtype=np.int64)
    if len(found) != count:
        raise ValueError(f"{len(found)} values where {count} whole numbers belong")
    return found


def _places(children: NDArray[np.int64], leaves: int) -> NDArray[np.int32]:
    """Where children stand among all nodes, inner ones first: LightGBM counts leaves from -1 down."""
    if np.any((children == 0) | (children >= leaves - 1) | (children < -leaves)):
        raise ValueError("a tree whose nodes do not fit together")
    return np.where(children < 0, leaves - 2 - children, children).astype(np.int32)


def _least_above(thresholds: NDArray[np.float64]) -> NDArray[np.float32]:
    """The least 32-bit number above each threshold: `value <= threshold` holds exactly for those below it.

    Above infinity there is none, and NaN stands for it, which no value reaches.
    """
    with np.errstate(over="ignore", under="ignore"):
        near = thresholds.astype(np.float32)
        above = np.nextafter(near, np.float32(np.inf))
    above = np.where(near.astype(np.float64) > thresholds, near, above)
    return np.where(np.isposinf(thresholds), np.float32(np.nan), above).astype(np.float32)


def _missing_zeros(trees: list[_Lines]) -> frozenset[int]:
    """The features whose zeros are missing values; CompileError where a feature's are so in some trees only."""
    kinds: dict[int, set[bool]] = {}
    for feature, kind in (pair for lines in trees for pair in _splits(lines)):
        kinds.setdefault(feature, set()).add((kind >> 2) & 3 == _MISSING_ZERO)
    for feature, found in kinds.items():
        if len(found) > 1:
            raise CompileError(
                f"zeros of feature {feature} are missing values in some trees and not in others, which cannot be "
                "compiled; train all rounds with the same zero_as_missing."
            )
    return frozenset(feature for feature, found in kinds.items() if True in found)


def _splits(lines: _Lines) -> Iterator[tuple[int, int]]:
    if int(lines["num_leaves"]) > 1:
        pairs = zip(lines["split_feature"].split(), lines["decision_type"].split(), strict=True)
        yield from ((int(feature), int(kind)) for feature, kind in pairs)
