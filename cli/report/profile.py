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
    personal: bool = False
    outliers: tuple[int, int] = (0, 0)  # numbers far below and far above the others


@dataclass(frozen=True)
class ByClass:
    """How a column is spread in each class: by `levels`, or between `edges`; `tells` is what it says of the class."""

    name: str
    counts: dict[str, list[float]]
    levels: list[str]
    edges: list[float]
    dates: bool  # edges are seconds since 1970
    tells: float


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


def leaks(profile: Mapping[str, Any]) -> Counts:
    """Return columns that may give the target away, with how much of it each tells."""
    return [
        (values.text(each.get("column")), told)
        for each in values.mappings(profile.get("leaks"))
        if (told := values.number(each.get("tells"))) is not None
    ]


def drifts(profile: Mapping[str, Any]) -> list[tuple[str, str, float]]:
    """Return columns that are spread differently in a split than in training, with the split and the index."""
    return [
        (values.text(each.get("column")), values.text(each.get("split")), index)
        for each in values.mappings(profile.get("drifts"))
        if (index := values.number(each.get("psi"))) is not None
    ]


def correlations(profile: Mapping[str, Any]) -> tuple[list[str], list[list[float | None]]]:
    """Return the columns, and the coefficient of each pair."""
    given = values.mapping(profile.get("correlations"))
    rows = [[values.number(each) for each in values.items(row)] for row in values.items(given.get("values"))]
    return [values.text(name) for name in values.items(given.get("columns"))], rows


def columns_by_class(profile: Mapping[str, Any]) -> list[ByClass]:
    """Return the columns that were counted by class."""
    found = []
    for given in values.mappings(profile.get("columns")):
        counted = values.mapping(given.get("by_class"))
        if counted:
            counts = {values.text(label): values.numbers(row) for label, row in counted.items()}
            levels = [values.text(level) for level in values.items(given.get("levels"))]
            edges = values.numbers(values.mapping(given.get("histogram")).get("edges"))
            tells = values.number(given.get("tells")) or 0.0
            dates = "min_date" in given
            found.append(ByClass(values.text(given.get("name")), counts, levels, edges, dates, tells))
    return found


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
        personal=given.get("personal") is True,
        outliers=(
            values.count(values.mapping(given.get("outliers")).get("below")) or 0,
            values.count(values.mapping(given.get("outliers")).get("above")) or 0,
        ),
    )


def _counts(pairs: list[tuple[Any, ...]]) -> Counts:
    """Return values with their counts; what is no pair, or counts nothing, is left out."""
    counted = ((values.text(pair[0]), values.number(pair[1])) for pair in pairs if len(pair) == 2)
    return [(value, count) for value, count in counted if count is not None and count >= 0]
