"""Holds an exported model against the real XGBoost 1.3, where that is the one that is installed."""

from __future__ import annotations

import importlib
import importlib.util
import math
import os
import struct
import tempfile
from pathlib import Path
from typing import Sequence

from inference.neo.trees import LEAF, NeoError, Tree, Trees

_MOST_ROWS = 2_000
_DENORMAL = 1e-42
_ALWAYS = (0.0, -0.0, 1.0, -1.0, _DENORMAL, -_DENORMAL, 3.4e38, -3.4e38, math.inf, -math.inf, math.nan)


def version() -> str | None:
    """Return the version of the XGBoost that is installed, where it is 1.3. It is not imported for that."""
    spec = importlib.util.find_spec("xgboost")
    if spec is None or spec.origin is None:
        return None
    try:
        found = Path(spec.origin).with_name("VERSION").read_text(encoding="utf-8").strip()
    except OSError:
        return None
    return found if found.startswith("1.3.") else None


def prove(model: Trees, content: bytes) -> int:
    """Let XGBoost 1.3 read the file, write it back and predict; return on how many rows.

    Raises NeoError where it writes other bytes, or where a row ends in another leaf than the source's trees say.
    """
    xgboost, numpy = (importlib.import_module(name) for name in ("xgboost", "numpy"))
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "xgboost.model")  # noqa: PTH118 - 1.3 takes no paths, but text
        Path(path).write_bytes(content)
        booster = xgboost.Booster(model_file=path)
        booster.save_model(path)
        if Path(path).read_bytes() != content:
            raise NeoError("XGBoost 1.3 read the exported model and wrote another one back. Please report this.")
    found = rows(model)
    matrix = numpy.array(found, dtype=numpy.float32)
    leaves = booster.predict(xgboost.DMatrix(matrix, missing=numpy.nan), pred_leaf=True).reshape(len(found), -1)
    for number, row in enumerate(found):
        for place, tree in enumerate(model.trees):
            if int(leaves[number][place]) != leaf(tree, row):
                raise NeoError(
                    f"In tree {place} of the exported model XGBoost 1.3 goes another way than the source with the "
                    f"row {row}. Please report this."
                )
    return len(found)


def rows(model: Trees) -> list[list[float]]:
    """Return rows that find differences: each feature at its thresholds, beside them, and at what is no number."""
    interesting = [sorted(set(each)) for each in _thresholds(model)]
    count = min(_MOST_ROWS, max(len(each) for each in interesting) * 3 + len(_ALWAYS))
    return [[_cell(interesting[place], number, place) for place in range(model.features)] for number in range(count)]


def _cell(thresholds: Sequence[float], number: int, feature: int) -> float:
    """Return a row's value of a feature; features go through their values with different strides."""
    values = len(_ALWAYS) + 3 * len(thresholds)
    place = (number * (2 * feature + 1) + feature) % values
    if place < len(_ALWAYS):
        return single(_ALWAYS[place])
    which, beside = divmod(place - len(_ALWAYS), 3)
    return _neighbour(thresholds[which], beside - 1)


def _thresholds(model: Trees) -> list[list[float]]:
    found: list[list[float]] = [[] for _ in range(model.features)]
    for tree in model.trees:
        for number, left in enumerate(tree.lefts):
            if left != LEAF and tree.features[number] < model.features:
                found[tree.features[number]].append(single(tree.values[number]))
    return found


def leaf(tree: Tree, row: Sequence[float]) -> int:
    """Return the leaf that a row ends in: left below the threshold, right otherwise, missing where the node says."""
    node = 0
    while tree.lefts[node] != LEAF:
        value = row[tree.features[node]]
        left = tree.missing_left[node] if math.isnan(value) else value < single(tree.values[node])
        node = tree.lefts[node] if left else tree.rights[node]
    return node


def single(value: float) -> float:
    """Return a number in single precision."""
    return float(struct.unpack("<f", struct.pack("<f", value))[0])


def _neighbour(value: float, direction: int) -> float:
    """Return the next number in single precision above (1) or below (-1), or the number itself (0)."""
    if direction == 0 or math.isinf(value):
        return value
    if value == 0.0:
        return direction * struct.unpack("<f", struct.pack("<I", 1))[0]  # type: ignore[no-any-return]
    (bits,) = struct.unpack("<i", struct.pack("<f", value))
    return float(struct.unpack("<f", struct.pack("<i", bits + (direction if value > 0 else -direction)))[0])
