"""Statistics and constraints of a dataset, and what breaks the constraints of an earlier one.

Source: SageMaker Developer Guide, 'Schema for Statistics', 'Schema for Constraints' and 'Schema for Violations'. The
quantile sketch and the comparison of distributions, whose details are not documented, are left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from local.jobs.builtin.checks.table import Column

_BUCKETS = 10
_MOST_VALUES = 100
# A text column with at most this share of distinct values has a domain.
_DOMAIN = 10
_MONITORING = {
    "evaluate_constraints": "Enabled",
    "emit_metrics": "Enabled",
    "datatype_check_threshold": 1.0,
    "domain_content_threshold": 1.0,
}


def statistics(columns: Sequence[Column]) -> dict[str, Any]:
    """Return the content of statistics.json."""
    features = [_feature(column) for column in columns]
    return {"version": 0, "dataset": {"item_count": len(columns[0].texts)}, "features": features}


def _feature(column: Column) -> dict[str, Any]:
    common = {"num_present": len(column.present), "num_missing": len(column.texts) - len(column.present)}
    found: dict[str, Any] = {"name": column.name, "inferred_type": column.kind}
    if column.kind in ("Integral", "Fractional"):
        found["numerical_statistics"] = {"common": common, **_numbers(column)}
    else:
        counts = Counter(column.present).most_common()
        buckets = [{"value": value, "count": count} for value, count in sorted(counts[:_MOST_VALUES])]
        found["string_statistics"] = {
            "common": common,
            "distinct_count": float(len(counts)),
            "distribution": {"categorical": {"buckets": buckets}},
        }
    return found


def _numbers(column: Column) -> dict[str, Any]:
    values = column.numbers
    counts, edges = np.histogram(values, bins=_BUCKETS)
    buckets = [
        {"lower_bound": float(edges[index]), "upper_bound": float(edges[index + 1]), "count": float(count)}
        for index, count in enumerate(counts)
    ]
    return {
        "mean": float(values.mean()),
        "sum": float(values.sum()),
        "std_dev": float(values.std()),
        "min": float(values.min()),
        "max": float(values.max()),
        "distribution": {"kll": {"buckets": buckets}},
    }


def constraints(columns: Sequence[Column]) -> dict[str, Any]:
    """Return the content of constraints.json."""
    return {
        "version": 0,
        "features": [_constraint(column) for column in columns],
        "monitoring_config": _MONITORING,
    }


def _constraint(column: Column) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": column.name,
        "inferred_type": column.kind,
        "completeness": len(column.present) / len(column.texts),
    }
    if column.kind in ("Integral", "Fractional"):
        found["num_constraints"] = {"is_non_negative": bool(column.numbers.min() >= 0)}
    elif column.kind == "String" and len(set(column.present)) <= _DOMAIN:
        found["string_constraints"] = {"domains": sorted(set(column.present))}
    return found


def violations(columns: Sequence[Column], baseline: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return what breaks the baseline's constraints, each with the name of the check and a sentence."""
    expected = {str(entry["name"]): entry for entry in baseline.get("features", [])}
    found = []
    for column in columns:
        if column.name not in expected:
            found.append(_violation(column.name, "extra_column_check", "is not in the baseline"))
        else:
            found += _against(column, expected[column.name])
    present = {column.name for column in columns}
    found += [_violation(name, "missing_column_check", "is missing") for name in expected if name not in present]
    return found


def _against(column: Column, expected: Mapping[str, Any]) -> list[dict[str, str]]:
    found = []
    wanted = expected.get("inferred_type")
    # A whole number is a number with a fraction as well.
    fits = column.kind in (wanted, "Unknown") or (wanted == "Fractional" and column.kind == "Integral")
    if wanted not in (None, "Unknown") and not fits:
        found.append(_violation(column.name, "data_type_check", f"is {column.kind}, and the baseline's is {wanted}"))
    completeness = len(column.present) / len(column.texts)
    if completeness < expected.get("completeness", 0.0):
        told = f"is complete to {completeness:.4g}, and the baseline to {expected['completeness']:.4g}"
        found.append(_violation(column.name, "completeness_check", told))
    domain = expected.get("string_constraints", {}).get("domains")
    strange = sorted(set(column.present) - set(domain)) if domain is not None else []
    if strange:
        shown = ", ".join(strange[:3])
        told = f"has values that the baseline does not have: {shown}"
        found.append(_violation(column.name, "categorical_values_check", told))
    return found


def _violation(name: str, check: str, told: str) -> dict[str, str]:
    return {"feature_name": name, "constraint_check_type": check, "description": f"The column {name} {told}."}
