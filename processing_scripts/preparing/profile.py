"""The data profile: what every column holds, how the target is spread, how the rows were split."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.columns import Ignored
from inference.features import Features
from processing_scripts.columns import Summary
from processing_scripts.preparing.columns import Planned
from processing_scripts.preparing.gathered_numbers import NumericColumn
from processing_scripts.preparing.splitting import SPLITS
from processing_scripts.preparing.target import Target

FORMAT_VERSION = 1
_QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
_BINS = 20


def profile(
    features: Features,
    target: Target,
    splits: NDArray[np.uint8],
    summaries: Mapping[str, Summary],
    planned: Mapping[str, Planned],
    notes: list[str],
) -> dict[str, Any]:
    """The content of profile.json; `notes` are sentences about the data."""
    return {
        "format_version": FORMAT_VERSION,
        "rows": int(splits.size),
        "kind": features.kind,
        "target": {"name": features.target, "distribution": _distribution(target)},
        "splits": {name: int(np.sum(splits == place)) for place, name in enumerate(SPLITS)},
        "columns": [_column(summaries[column.name], planned[column.name], column) for column in features.columns],
        "notes": notes,
    }


def _distribution(target: Target) -> dict[str, Any]:
    values = np.sort(target.values[~np.isnan(target.values)])
    if target.kind == "regression":
        return {**_numbers(values), "histogram": histogram(values)}
    counts = np.bincount(values.astype(np.int64), minlength=len(target.labels)).tolist()
    return {"classes": dict(zip(target.labels, counts, strict=True))}


def _column(summary: Summary, planned: Planned, column: object) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": summary.name,
        "type": summary.kind,
        "missing": summary.missing,
        "distinct": summary.distinct,
        "distinct_at_least": summary.capped,
        "used": not isinstance(column, Ignored),
    }
    if isinstance(planned, NumericColumn):
        cells = planned.cells()
        values = np.sort(cells[~np.isnan(cells)])
        found |= {**_numbers(values), "histogram": histogram(values)}
    else:
        found["top"] = [[value[:100], count] for value, count in summary.top]
    if isinstance(column, Ignored):
        found["note"] = f"Left out: {column.reason}."
    return found


def _numbers(values: NDArray[np.float64]) -> dict[str, Any]:
    if values.size == 0:
        return {}
    quantiles = np.quantile(values, _QUANTILES)
    return {
        "min": float(values[0]),
        "max": float(values[-1]),
        "mean": float(values.mean()),
        "deviation": float(values.std()),
        "quantiles": {str(share): float(value) for share, value in zip(_QUANTILES, quantiles, strict=True)},
    }


def histogram(values: NDArray[np.float64]) -> dict[str, Any]:
    """Counts in bins of equal width."""
    if values.size == 0:
        return {"edges": [], "counts": []}
    counts, edges = np.histogram(values, bins=_BINS)
    return {"edges": edges.tolist(), "counts": counts.tolist()}
