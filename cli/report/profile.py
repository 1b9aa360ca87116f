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
    capped: bool  # there are more different values than were counted
    low: float | None
    median: float | None
    high: float | None
    histogram: list[float]
    top: Counts
    note: str


@dataclass(frozen=True)
class Target:
    """The target: rows by class, or edges and counts of a histogram; what does not apply is empty."""

    name: str
    classes: Counts
    edges: list[float]
    counts: list[float]


def columns(profile: Mapping[str, Any]) -> list[Column]:
    """Return the columns in their order."""
    return [_column(given) for given in values.mappings(profile.get("columns"))]


def notes(profile: Mapping[str, Any]) -> list[str]:
    """Return the sentences about the data as a whole."""
    return [sentence for note in values.items(profile.get("notes")) if (sentence := values.text(note))]


def splits(profile: Mapping[str, Any]) -> Counts:
    """Return the parts of the data with their rows."""
    return _counts(list(values.mapping(profile.get("splits")).items()))


def target(profile: Mapping[str, Any]) -> Target:
    """Return the target's name and how it is spread."""
    given = values.mapping(profile.get("target"))
    spread = values.mapping(given.get("distribution"))
    bins = values.mapping(spread.get("histogram"))
    return Target(
        name=values.text(given.get("name")),
        classes=_counts(list(values.mapping(spread.get("classes")).items())),
        edges=values.numbers(bins.get("edges")),
        counts=values.numbers(bins.get("counts")),
    )


def _column(given: Mapping[str, Any]) -> Column:
    return Column(
        name=values.text(given.get("name")),
        type=values.text(given.get("type")),
        missing=values.count(given.get("missing")),
        distinct=values.count(given.get("distinct")),
        capped=given.get("distinct_at_least") is True,
        low=values.number(given.get("min")),
        median=values.number(values.mapping(given.get("quantiles")).get("0.5")),
        high=values.number(given.get("max")),
        histogram=values.numbers(values.mapping(given.get("histogram")).get("counts")),
        top=_counts([tuple(pair) for pair in values.items(given.get("top")) if isinstance(pair, list)]),
        note=values.text(given.get("note")),
    )


def _counts(pairs: list[tuple[Any, ...]]) -> Counts:
    """Return values with their counts; what is no pair, or counts nothing, is left out."""
    counted = ((values.text(pair[0]), values.number(pair[1])) for pair in pairs if len(pair) == 2)
    return [(value, count) for value, count in counted if count is not None and count >= 0]
