"""Kernel SHAP: how much each feature moved a model's answers from those for a baseline.

Source: Lundberg and Lee, 'A Unified Approach to Interpreting Model Predictions' (2017): weighted least squares over
coalitions of features, their sum held to the difference that is to be explained. With as many samples as there are
coalitions the values are exact; else the heaviest sizes are taken whole and the rest is drawn, each coalition with its
complement.
"""

from __future__ import annotations

import itertools
import math
from typing import Any, TypeAlias

import numpy as np

Array: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]
Masks: TypeAlias = np.ndarray[Any, np.dtype[np.bool_]]


def default_samples(features: int) -> int:
    """Return how many coalitions are asked for where nobody says: all of few features, else a number that grows."""
    return 2 * features + 2048


def coalitions(features: int, samples: int, seed: int) -> tuple[Masks, Array]:
    """Return coalitions of features as rows of a mask, and their weights; neither the empty nor the full one."""
    if features < 2:
        return np.zeros((0, features), dtype=bool), np.zeros(0)
    half = features // 2
    heaviness = {size: (features - 1) / (size * (features - size)) for size in range(1, half + 1)}
    listed: dict[tuple[bool, ...], float] = {}
    size = 1
    while size <= half:
        paired = size != features - size
        number = math.comb(features, size) * (2 if paired else 1)
        if len(listed) + number > samples:
            break
        weight = heaviness[size] * (2 if paired else 1) / number
        for members in itertools.combinations(range(features), size):
            _add(listed, members, features, weight, paired=paired)
        size += 1
    left = samples - len(listed)
    if size <= half and left > 0:
        _draw(listed, features, {key: heaviness[key] for key in range(size, half + 1)}, left, seed)
    return np.array(list(listed), dtype=bool), np.array(list(listed.values()))


def values(masks: Masks, weights: Array, answers: Array, base: Array, full: Array) -> Array:
    """Return the values [rows, features] from answers [rows, coalitions], the bases' answers, and the rows' own."""
    features = masks.shape[1]
    moved = full - base
    if features == 1:
        return moved[:, None]
    # The last feature takes what the others leave, so that the values add up.
    design = masks[:, :-1].astype(float) - masks[:, -1:].astype(float)
    target = answers - base[:, None] - masks[:, -1].astype(float) * moved[:, None]
    weighted = design * weights[:, None]
    found = np.linalg.lstsq(design.T @ weighted, weighted.T @ target.T, rcond=None)[0].T
    return np.column_stack([found, moved - found.sum(axis=1)])


def _add(
    listed: dict[tuple[bool, ...], float], members: tuple[int, ...], features: int, weight: float, *, paired: bool
) -> None:
    inside = set(members)
    mask = tuple(index in inside for index in range(features))
    for each in (mask, tuple(not chosen for chosen in mask)) if paired else (mask,):
        listed[each] = listed.get(each, 0.0) + weight


def _draw(
    listed: dict[tuple[bool, ...], float], features: int, heaviness: dict[int, float], left: int, seed: int
) -> None:
    """Draw coalitions of the sizes that are too many to list; each drawing weighs the same."""
    generator = np.random.default_rng(seed)
    sizes = np.array(list(heaviness))
    pairs = np.array([2.0 if size != features - size else 1.0 for size in sizes])
    shares = np.array(list(heaviness.values())) * pairs
    drawn: dict[tuple[bool, ...], float] = {}
    for _ in range(4 * left):
        if len(drawn) + 1 >= left:
            break
        size = int(generator.choice(sizes, p=shares / shares.sum()))
        members = tuple(int(each) for each in generator.choice(features, size, replace=False))
        _add(drawn, members, features, 1.0, paired=size != features - size)
    total = sum(drawn.values())
    listed.update({mask: count * float(shares.sum()) / total for mask, count in drawn.items()})
