"""How far a regression's predictions are off: residuals, and the error by how large the value is."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST_PAIRS = 1_000
_BINS = 30
_GROUPS = 5

Floats = NDArray[np.float64]


def errors(actual: Floats, predicted: Floats) -> dict[str, Any]:
    """Pairs for charts, a histogram of predicted minus actual, its quantiles, and the error by fifths of the target."""
    kept = np.linspace(0, actual.size - 1, min(actual.size, MOST_PAIRS)).astype(np.int64)
    residuals = predicted - actual
    counts, edges = np.histogram(residuals, bins=_BINS)
    levels = (5, 25, 50, 75, 95)
    return {
        "predicted_vs_actual": np.column_stack([actual[kept], predicted[kept]]).tolist(),
        "residual_histogram": {"edges": edges.tolist(), "counts": counts.tolist()},
        "residual_quantiles": dict(zip(map(str, levels), np.percentile(residuals, levels).tolist(), strict=True)),
        "error_by_quantile": by_quantile(actual, residuals),
    }


def by_quantile(actual: Floats, residuals: Floats) -> list[dict[str, float]]:
    """The error in groups of rows with about the same actual value, from the smallest values to the largest.

    `mean` tells a side that predictions fall to: regression to the mean shows as too high below and too low above.
    """
    order = np.argsort(actual, kind="stable")
    return [
        {
            "low": float(actual[part[0]]),
            "high": float(actual[part[-1]]),
            "rows": int(part.size),
            "mae": float(np.mean(np.abs(residuals[part]))),
            "rmse": float(np.sqrt(np.mean(residuals[part] ** 2))),
            "mean": float(np.mean(residuals[part])),
        }
        for part in np.array_split(order, min(_GROUPS, actual.size))
    ]
