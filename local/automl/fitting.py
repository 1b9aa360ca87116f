"""What is learned of raw columns on the training rows: types, medians, scales, levels; labels; the held-out rows.

Plain on purpose, and the same for every family: numbers have gaps filled by the median and are standardised, other
columns become one column per frequent level.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.arrays import numbers, texts
from inference.cells import cell_level, missing_tokens
from inference.columns import Categorical, Column, Ignored, Numeric
from inference.job import JobError

Rows = NDArray[np.int64]

MOST_LEVELS = 50
MOST_CLASSES = 100
_FEW_VALUES = 20
_SCARCE = 2


def target_kind(array: Any, problem_type: str | None) -> str:
    """Return the problem type: as given, or by what the target's cells are.

    Two values make a binary problem; text, or at most 20 whole numbers, several classes; all else a regression.
    """
    if problem_type is not None:
        return problem_type
    tokens = missing_tokens(target=True)
    codes, found = texts(array, tokens, cell_level)
    if len(found) == 2:
        return "BinaryClassification"
    values, strays = numbers(array, tokens)
    values = values[~np.isnan(values)]
    whole = bool(np.all(values == np.round(values)))
    if strays or (whole and len(found) <= _FEW_VALUES):
        return "MulticlassClassification"
    del codes
    return "Regression"


def labels_of(array: Any, kind: str) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Return the classes (of two the rarer one last, none for regression), and each row's label, NaN where it has none.

    Raises:
        JobError: the target does not fit the problem type.
    """
    tokens = missing_tokens(target=True)
    if kind == "regression":
        values, strays = numbers(array, tokens)
        if strays:
            raise JobError(f"the target of a regression must be numbers, and {sorted(strays)[0][:40]!r} is none.")
        return (), values
    codes, found = texts(array, tokens, cell_level)
    counts = {name: int(np.sum(codes == place)) for place, name in enumerate(found)}
    fits = len(found) == 2 if kind == "binary" else 2 <= len(found) <= MOST_CLASSES
    if not fits:
        wanted = "2 classes" if kind == "binary" else f"2 to {MOST_CLASSES} classes"
        raise JobError(f"the target has {len(found)} values, where a {kind} problem has {wanted}.")
    names = sorted(found, key=lambda name: (-counts[name], name)) if kind == "binary" else _in_order(found)
    places = np.array([*(names.index(name) for name in found), -1])
    labels = places[codes].astype(np.float64)
    labels[labels < 0] = np.nan
    return tuple(names), labels


def held_out(labels: NDArray[np.float64], fraction: float, seed: int, *, by_class: bool) -> tuple[Rows, Rows]:
    """Split the rows that have a label into those to train on and those to score on, classes in the same shares."""
    draw = np.random.default_rng(seed)
    rows = np.flatnonzero(~np.isnan(labels))
    groups = [rows[labels[rows] == label] for label in np.unique(labels[rows])] if by_class else [rows]
    chosen = [draw.permutation(group)[: round(fraction * len(group))] for group in groups]
    validation = np.sort(np.concatenate(chosen))
    return np.setdiff1d(rows, validation), validation


def fit_column(name: str, array: Any, train: Rows) -> Column:
    """Return how a column becomes features: its type by all of its cells, its values by the training rows."""
    tokens = missing_tokens()
    values, strays = numbers(array, tokens)
    if not strays:
        return _numeric(name, values[train])
    codes, levels = texts(array, tokens, cell_level)
    return _categorical(name, codes[train], levels)


def _numeric(name: str, values: NDArray[np.float64]) -> Column:
    known = values[~np.isnan(values)]
    if not len(known):
        return Ignored(name, "It is empty.")
    median = float(np.median(known))
    filled = np.where(np.isnan(values), median, values)
    deviation = float(filled.std())
    gaps = len(known) < len(values)
    if not np.isfinite(deviation) or deviation <= 0 or np.float32(deviation) == 0:
        return Ignored(name, "It always has the same value.")
    return Numeric(name, median, float(known.min()), float(known.max()), float(filled.mean()), deviation, gaps)


def _categorical(name: str, codes: NDArray[np.int64], levels: list[str]) -> Column:
    counts = np.bincount(codes[codes >= 0], minlength=len(levels))
    ranked = sorted((place for place in range(len(levels)) if counts[place]), key=lambda p: (-counts[p], levels[p]))
    kept = [place for place in ranked if counts[place] >= _SCARCE][:MOST_LEVELS]
    gaps = bool(np.any(codes < 0))
    if not kept:
        return Ignored(name, "Hardly a value is there twice.")
    if len(ranked) == 1 and not gaps:
        return Ignored(name, "It always has the same value.")
    return Categorical(name, tuple(levels[p] for p in kept), other=len(ranked) > len(kept), missing=gaps)


def _in_order(names: list[str]) -> list[str]:
    """Sort classes as numbers where they are numbers, else as text."""
    try:
        return sorted(names, key=float)
    except ValueError:
        return sorted(names)


def raw_rows(columns: Mapping[str, Any], rows: Rows) -> list[dict[str, Any]]:
    """Return raw rows as records."""
    return [{name: array[int(row)].as_py() for name, array in columns.items()} for row in rows]
