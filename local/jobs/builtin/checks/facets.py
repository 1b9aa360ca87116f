"""Groups of rows that bias is measured between: columns found, values matched, each facet's groups in turn.

Source: SageMaker Developer Guide, 'Analysis Configuration Files' and 'Analysis Results'. Facet a is the favoured group,
d the one that the facet names.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from local.jobs.builtin.checks.table import CheckError, Column

Mask: TypeAlias = np.ndarray[tuple[int], np.dtype[np.bool_]]
Metric: TypeAlias = Callable[[str, Column, Mask], float | str]
"""Computes one metric by name for a facet's column and group; a text says why it has no value."""


def analyse(
    columns: Sequence[Column],
    config: Mapping[str, Any],
    names: Sequence[str],
    titles: Mapping[str, str],
    metric: Metric,
) -> dict[str, Any]:
    """Return one section of analysis.json: every named metric for every group of every facet."""
    facets = config.get("facet") or []
    found: dict[str, Any] = {}
    for facet in [facets] if isinstance(facets, dict) else facets:
        column = find(columns, facet.get("name_or_index"))
        given = facet.get("value_or_threshold")
        values = [[value] for value in sorted(set(column.present))] if given is None else [given]
        found[column.name] = [
            {
                "value_or_threshold": _shown(value),
                "metrics": [_entry(name, titles[name], metric, column, mask(column, value)) for name in names],
            }
            for value in values
        ]
    return {
        "label": find(columns, config.get("label")).name,
        "label_value_or_threshold": _shown(config.get("label_values_or_threshold") or []),
        "facets": found,
    }


def chosen(config: Mapping[str, Any], method: str, titles: Mapping[str, str]) -> list[str]:
    """Return the names of the metrics that a method asks for; CheckError where one is not among the titles."""
    wanted = config.get("methods", {}).get(method, {}).get("methods", "all")
    if wanted == "all":
        return sorted(titles)
    names = [wanted] if isinstance(wanted, str) else [str(name) for name in wanted]
    unknown = [name for name in names if name not in titles]
    if unknown:
        message = f"{', '.join(unknown)} cannot be computed here; there are {', '.join(titles)}."
        raise CheckError(message)
    return names


def find(columns: Sequence[Column], wanted: Any) -> Column:
    """Return the column of a name or an index."""
    if isinstance(wanted, int) and 0 <= wanted < len(columns):
        return columns[wanted]
    for column in columns:
        if column.name == wanted:
            return column
    message = f"The analysis names the column {wanted!r}, which the dataset does not have."
    raise CheckError(message)


def mask(column: Column, given: Any) -> Mask:
    """Return the rows with one of the values; of a number that no row has, those above it."""
    return rule(column, given)(column)


def rule(column: Column, given: Any) -> Callable[[Column], Mask]:
    """Return what picks the rows with the values, or above the threshold, that `given` means for this column.

    What is learned of a label's column then holds for the column of its predictions.
    """
    values = given if isinstance(given, list) else [given]
    wanted = {plain(value) for value in values}
    if len(values) == 1 and column.kind in ("Integral", "Fractional") and not wanted & set(map(plain, column.texts)):
        threshold = float(values[0])
        return lambda found: np.array([text != "" and float(text) > threshold for text in found.texts])
    return lambda found: np.array([plain(text) in wanted for text in found.texts])


def plain(value: Any) -> Any:
    """Return a number as such, so that 1 and 1.0 are the same."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return str(value)


def disparity(group: Mask, positive: Mask, groups: Sequence[str]) -> float:
    """Return the conditional demographic disparity: that of each subgroup, weighted by its size (CDDL, CDDPL)."""
    subgroups = np.array(groups)
    total = 0.0
    for value in sorted(set(groups)):
        rows = subgroups == value
        rejected, accepted = ~positive & rows, positive & rows
        left = float((rejected & group).sum()) / rejected.sum() if rejected.any() else 0.0
        right = float((accepted & group).sum()) / accepted.sum() if accepted.any() else 0.0
        total += float(rows.sum()) * (left - right)
    return total / len(group)


def _entry(name: str, title: str, metric: Metric, column: Column, group: Mask) -> dict[str, Any]:
    entry: dict[str, Any] = {"name": name, "description": title}
    if not group.any() or group.all():
        return {**entry, "value": None, "error": "Every row or none is in the facet's group."}
    value = metric(name, column, group)
    if isinstance(value, str):
        return {**entry, "value": None, "error": value}
    if not math.isfinite(value):
        return {**entry, "value": None, "error": "The metric divides by a count that is zero for one group."}
    return {**entry, "value": value}


def _shown(value: Any) -> str:
    return ",".join(map(str, value if isinstance(value, list) else [value]))
