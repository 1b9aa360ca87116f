"""Reading the data profile that Prepare wrote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cli.report import values

Counts = list[tuple[str, float]]


@dataclass(frozen=True)
class Column:
    """One column: `histogram` holds bin counts of a number, `top` the most frequent values of anything else."""

    name: str
    type: str
    missing: int | None
    distinct: int | None
    low: object
    middle: float | None
    high: object
    histogram: list[float]
    top: Counts
    notes: list[str]


def columns(profile: Mapping[str, Any]) -> list[Column]:
    """Return the columns in their order."""
    return [_column(given) for given in values.mappings(profile.get("columns"))]


def notes(profile: Mapping[str, Any]) -> list[str]:
    """Return the sentences about the data as a whole."""
    return _sentences(profile.get("notes"))


def splits(profile: Mapping[str, Any]) -> Counts:
    """Return the parts of the data with their rows."""
    given = values.mapping(profile.get("splits") or profile.get("split_sizes") or profile.get("split"))
    sizes = ((name, values.mapping(size).get("rows", size)) for name, size in given.items())
    return [(name, size) for name, found in sizes if (size := values.number(found)) is not None and size >= 0]


def target(profile: Mapping[str, Any]) -> tuple[str, Counts, list[float], list[float]]:
    """Return the target's name, rows by class, and edges and counts of its histogram; either may be empty."""
    given = profile.get("target")
    name = given if isinstance(given, str) else values.text(values.mapping(given).get("name"))
    spread = values.mapping(given).get("distribution") or profile.get("target_distribution")
    inner = values.mapping(spread)
    bins = values.mapping(inner.get("histogram") or values.mapping(given).get("histogram") or spread)
    edges, counts = values.numbers(bins.get("edges")), values.numbers(bins.get("counts"))
    if edges:
        return name, [], edges, counts
    return name, _counts(inner.get("classes") or inner.get("values") or spread), [], []


def _column(given: Mapping[str, Any]) -> Column:
    quantiles = values.mapping(given.get("quantiles"))
    middles = (quantiles.get(key) for key in ("0.5", "50%", "p50", "median"))
    median = next((found for middle in middles if (found := values.number(middle)) is not None), None)
    histogram = given.get("histogram")
    return Column(
        name=values.text(given.get("name")),
        type=values.text(given.get("type")),
        missing=values.count(given.get("missing")),
        distinct=values.count(given.get("distinct")),
        low=given.get("min"),
        middle=median if median is not None else values.number(given.get("median")),
        high=given.get("max"),
        histogram=values.numbers(values.mapping(histogram).get("counts") if isinstance(histogram, dict) else histogram),
        top=_counts(given.get("top") or given.get("top_values")),
        notes=_sentences(given.get("notes") or given.get("note")),
    )


def _counts(given: object) -> Counts:
    """Return values with their counts from pairs, from objects with "value" and "count", or from one object."""
    if isinstance(given, Mapping):
        found: list[tuple[object, object]] = list(given.items())
    else:
        found = [_pair(entry) for entry in values.items(given)]
    counted = ((values.text(value), values.number(count)) for value, count in found)
    return [(value, count) for value, count in counted if count is not None and count >= 0]


def _pair(entry: object) -> tuple[object, object]:
    if isinstance(entry, list) and len(entry) == 2:
        return entry[0], entry[1]
    given = values.mapping(entry)
    return given.get("value", given.get("label")), given.get("count", given.get("rows"))


def _sentences(given: object) -> list[str]:
    listed = [given] if isinstance(given, str) else values.items(given)
    return [sentence for note in listed if (sentence := _sentence(note))]


def _sentence(note: object) -> str:
    if not isinstance(note, Mapping):
        return values.text(note)
    message = values.text(note.get("message") or note.get("note"))
    column = values.text(note.get("column"))
    return f"{column}: {message}" if column and message else message
