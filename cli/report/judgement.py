"""Reading what Evaluate wrote about curves, groups and explanations; whatever is not as expected is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cli.report import values
from cli.report.charts.beeswarm import Swarm
from cli.report.charts.calibration import Bin
from cli.report.charts.curves import Line
from cli.report.charts.forest import Group
from cli.report.material import Material
from cli.report.wording import model_name, score

MODELS = ("candidate", "baseline", "champion")
_MOST_GROUPS = 20
_MOST_SLICES = 12
_MOST_CAUTIONS = 12


@dataclass(frozen=True)
class Ahead:
    """By how much the candidate is better than another model, as an interval."""

    low: float
    high: float


@dataclass(frozen=True)
class Disparity:
    """How far two groups are apart in one respect."""

    name: str
    definition: str
    value: float
    lowest: str
    highest: str


@dataclass(frozen=True)
class Slice:
    """A column's groups by one measure, what makes small ones uncertain, and the disparities."""

    column: str
    groups: list[Group]
    rows: list[tuple[str, int, str, Mapping[str, Any]]]
    disparities: list[Disparity]


@dataclass(frozen=True)
class Fifth:
    """Rows of about one actual value, and how far predictions are off there."""

    low: float
    high: float
    rows: int
    error: float
    mean: float


def cautions(material: Material) -> list[str]:
    """Return the sentences about what to know before the measures are believed."""
    found = [values.text(each) for each in values.items(material.details.get("cautions"))]
    return [each for each in found if each][:_MOST_CAUTIONS]


def ahead(material: Material, other: str) -> dict[str, Ahead]:
    """Return by metric by how much the candidate is better than "baseline" or "champion"."""
    given = values.mapping(values.mapping(material.details.get("better_by")).get(other))
    found = {}
    for metric, entry in given.items():
        low, high = (values.number(values.mapping(entry).get(end)) for end in ("low", "high"))
        if low is not None and high is not None:
            found[metric] = Ahead(low, high)
    return found


def interval(material: Material, model: str, metric: str) -> tuple[float, float] | None:
    """Return the interval of a model's metric."""
    entry = values.mapping(values.mapping(values.mapping(material.details.get("intervals")).get(model)).get(metric))
    low, high = values.number(entry.get("low")), values.number(entry.get("high"))
    return None if low is None or high is None else (low, high)


def lines(material: Material, curve: str, x: str, y: str, extra: str = "") -> list[Line]:
    """Return a curve of each model; `extra` names a number that joins its entry in the legend."""
    given = values.mapping(material.details.get(curve))
    found = []
    for model in MODELS:
        entry = values.mapping(given.get(model))
        xs, ys = values.numbers(entry.get(x)), values.numbers(entry.get(y))
        if xs and len(xs) == len(ys):
            number = values.number(entry.get(extra)) if extra else None
            label = model_name(model) if number is None else f"{model_name(model)} ({extra} {score(number)})"
            found.append(Line(model, label, list(zip(xs, ys, strict=True))))
    return found


def by_threshold(material: Material, measure: str) -> list[tuple[float, float]]:
    """Return (threshold, measure) pairs of the candidate."""
    given = values.mapping(material.details.get("by_threshold"))
    xs, ys = values.numbers(given.get("threshold")), values.numbers(given.get(measure))
    return list(zip(xs, ys, strict=True)) if len(xs) == len(ys) else []


def calibration(material: Material) -> tuple[list[Bin], float | None]:
    """Return the groups of rows by score, and the expected calibration error."""
    given = values.mapping(material.details.get("calibration"))
    found = []
    for entry in values.mappings(given.get("bins")):
        numbers = [values.number(entry.get(name)) for name in ("score", "share", "low", "high", "rows")]
        known = [number for number in numbers if number is not None]
        if len(known) == len(numbers):
            found.append(Bin(known[0], known[1], known[2], known[3], int(known[4])))
    return found, values.number(given.get("error"))


def fifths(material: Material) -> list[Fifth]:
    """Return the error by how large the actual value is."""
    found = []
    for entry in values.mappings(material.details.get("error_by_quantile")):
        numbers = [values.number(entry.get(name)) for name in ("low", "high", "rows", "mae", "mean")]
        known = [number for number in numbers if number is not None]
        if len(known) == len(numbers):
            found.append(Fifth(known[0], known[1], int(known[2]), known[3], known[4]))
    return found


def columns(material: Material) -> list[tuple[str, float]]:
    """Return raw columns with their shares of the gain."""
    return _ranked(material, "columns", "gain")


def permutation(material: Material) -> list[tuple[str, float, float]]:
    """Return raw columns with what permuting them costs the metric, and its standard deviation."""
    given = values.mappings(values.mapping(material.details.get("explanations")).get("permutation"))
    found = [(values.text(e.get("column")), values.number(e.get("mean")), e) for e in given]
    return [
        (name, mean, values.number(entry.get("standard_deviation")) or 0.0)
        for name, mean, entry in found
        if mean is not None
    ]


def swarms(material: Material) -> tuple[list[Swarm], str]:
    """Return the contributions of the columns that count most, and their unit."""
    given = values.mapping(values.mapping(material.details.get("explanations")).get("shap"))
    found = [
        Swarm(
            values.text(entry.get("column")),
            values.numbers(entry.get("contributions")),
            [values.number(rank) for rank in values.items(entry.get("ranks"))],
        )
        for entry in values.mappings(given.get("dots"))
    ]
    return found, values.text(given.get("unit"))


def slices(material: Material, measure: str) -> list[Slice]:
    """Return each column's groups by a measure, with all that is known of them."""
    found = []
    for entry in values.mappings(material.details.get("slices"))[:_MOST_SLICES]:
        given = values.mappings(entry.get("groups"))[:_MOST_GROUPS]
        rows = [
            (
                values.text(each.get("group")),
                values.count(each.get("rows")) or 0,
                values.text(each.get("uncertain")),
                each,
            )
            for each in given
        ]
        found.append(Slice(values.text(entry.get("column")), _groups(rows, measure), rows, _disparities(entry)))
    return found


def _groups(rows: list[tuple[str, int, str, Mapping[str, Any]]], measure: str) -> list[Group]:
    found = []
    for name, _, uncertain, entry in rows:
        value = values.number(entry.get(measure))
        if value is not None:
            ends = values.number(entry.get("low")), values.number(entry.get("high"))
            found.append(Group(name, value, *ends, uncertain=bool(uncertain)))
    return found


def _disparities(entry: Mapping[str, Any]) -> list[Disparity]:
    found = []
    for each in values.mappings(entry.get("disparities")):
        value = values.number(each.get("value"))
        if value is not None:
            texts = [values.text(each.get(name)) for name in ("name", "definition", "lowest", "highest")]
            found.append(Disparity(texts[0], texts[1], value, texts[2], texts[3]))
    return found


def _ranked(material: Material, field: str, measure: str) -> list[tuple[str, float]]:
    given = values.mappings(values.mapping(material.details.get("explanations")).get(field))
    found = [(values.text(entry.get("column")), values.number(entry.get(measure))) for entry in given]
    return sorted([(name, value) for name, value in found if value is not None and value >= 0], key=lambda e: -e[1])
