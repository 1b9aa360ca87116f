"""The data profile: what every column holds, how the target is spread, how rows were split, what is suspicious."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.columns import Ignored
from inference.features import Features
from processing_scripts.columns import Summary
from processing_scripts.preparing.columns import Planned, UnusedColumn
from processing_scripts.preparing.correlations import Correlations
from processing_scripts.preparing.described import Seen, describe, histogram, of_numbers
from processing_scripts.preparing.splitting import LEFT_OUT, SPLITS
from processing_scripts.preparing.target import Target

FORMAT_VERSION = 2


def profile(
    features: Features,
    target: Target,
    splits: NDArray[np.uint8],
    summaries: Mapping[str, Summary],
    planned: Mapping[str, Planned],
    notes: list[str],
    timed: str | None = None,
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The content of profile.json, and what drift is measured against for each column that has it.

    `notes` are sentences about the data; `suspicions` are added to them. Values of personal columns stand in neither.
    The column `timed`, by which rows are split, cannot be spread alike in the splits.
    """
    seen = Seen(target, splits, len(features.used))
    correlations = Correlations(seen)
    columns, baselines = [], []
    for column in features.columns:
        entry, cells, baseline = _column(summaries[column.name], planned[column.name], column, features, seen)
        if column.name == timed:
            entry.pop("drifts", None)
        columns.append(entry)
        if not isinstance(column, Ignored):
            baselines += [baseline] if baseline is not None else []
            correlations.add(column.name, cells)
    found = {
        "format_version": FORMAT_VERSION,
        "rows": int(splits.size),
        "kind": features.kind,
        "target": {"name": features.target, "distribution": _distribution(target, features)},
        "splits": {name: int(np.sum(splits == place)) for place, name in enumerate(SPLITS)},
        "left_out": int(np.sum(splits == LEFT_OUT)),
        "columns": columns,
        "correlations": correlations.finish(features.target),
        "leaks": [{"column": each["name"], "tells": each["tells"]} for each in columns if each.get("leak")],
        "drifts": [{"column": each["name"], **drift} for each in columns for drift in each.get("drifts", ())],
    }
    found["notes"], found["suspicions"] = notes, _suspicions(found, features.target)
    return found, baselines


def _suspicions(found: Mapping[str, Any], target: str) -> list[str]:
    leaks = [
        f"The column {leak['column']} may give {target} away: alone it tells {100 * leak['tells']:.0f} % of what there "
        f"is to tell, on rows that it was not learned from. Drop it if it is known only afterwards."
        for leak in found["leaks"]
    ]
    drifts = [
        f"The column {drift['column']} is spread differently in {drift['split']} than in train "
        f"(population stability index {drift['psi']:.2f})."
        for drift in found["drifts"]
    ]
    return leaks + drifts


def _distribution(target: Target, features: Features) -> dict[str, Any]:
    values = np.sort(target.values[~np.isnan(target.values)])
    if target.kind == "regression":
        return {} if features.target in features.personal else {**of_numbers(values), "histogram": histogram(values)}
    counts = np.bincount(values.astype(np.int64), minlength=len(target.labels)).tolist()
    return {"classes": dict(zip(target.labels, counts, strict=True))}


def _column(
    summary: Summary, planned: Planned, column: object, features: Features, seen: Seen
) -> tuple[dict[str, Any], Any, dict[str, Any] | None]:
    found: dict[str, Any] = {
        "name": summary.name,
        "type": summary.kind,
        "missing": summary.missing,
        "distinct": summary.distinct,
        "distinct_at_least": summary.capped,
        "used": not isinstance(column, Ignored),
    }
    personal = summary.name in features.personal
    cells, baseline = None, None
    if not isinstance(planned, UnusedColumn):
        shown, suspicion, cells, baseline = describe(planned, seen, personal=personal)
        found |= suspicion if personal else {**shown, **suspicion}
    if personal:
        found["personal"] = True
    elif "histogram" not in found:
        found["top"] = [[value[:100], count] for value, count in summary.top]
    if isinstance(column, Ignored):
        found["note"] = f"Left out: {column.reason}."
    return found, cells, baseline
