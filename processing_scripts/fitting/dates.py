"""Fits a column of dates: which parts features are made of, and their medians, ranges and scales."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inference.bulk import date_parts
from inference.columns import Dates, Ignored
from inference.dates import ORDERED, PARTS

_RANGES = {"month": (1.0, 12.0), "day": (1.0, 31.0), "weekday": (0.0, 6.0), "hour": (0.0, 23.0)}


def fit_dates(
    name: str, seconds: NDArray[np.float64], day_first: bool | None, also_missing: frozenset[str] = frozenset()
) -> Dates | Ignored:
    """What was fitted on the moments of the training rows, NaN for missing ones, or why the column is of no use.

    Parts that are the same in every training row are left out. What is standardised includes the imputed cells.
    """
    there = seconds[~np.isnan(seconds)]
    missing = seconds.size - there.size
    if there.size == 0:
        return Ignored(name, "has no value in any training row")
    parts, scales = [], []
    for part in PARTS:
        values = date_parts(there, part)
        low, high = float(values.min()), float(values.max())
        if low == high:
            continue
        median = float(np.median(values))
        filled = np.concatenate([values, np.full(missing, median)])
        low, high = (low, high) if part in ORDERED else _RANGES[part]
        parts.append(part)
        scales.append((median, low, high, float(filled.mean()), float(filled.std()) or 1.0))
    if not parts:
        return Ignored(name, "has the same value in every training row")
    medians, lows, highs, means, deviations = (tuple(column) for column in zip(*scales, strict=True))
    return Dates(name, tuple(parts), medians, lows, highs, means, deviations, day_first=day_first,
                 indicator=missing > 0, also_missing=tuple(sorted(also_missing)))  # fmt: skip
