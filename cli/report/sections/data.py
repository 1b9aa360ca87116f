"""The data as Prepare found it: rows, splits, target, every column, and what was noticed."""

from __future__ import annotations

from collections.abc import Sequence

from cli.report import profile, values
from cli.report.charts.bar_table import bar_table
from cli.report.charts.histogram import sparkline
from cli.report.charts.target import target_histogram
from cli.report.markup import Content, Html, markup, tag
from cli.report.material import Material
from cli.report.profile import Column
from cli.report.sections.parts import cell, pair, section, table
from cli.report.sections.spread import rejected, spread, suspicions
from cli.report.wording import clip, figure, plural, share, whole

_OPEN, _MOST_COLUMNS = 40, 500
_MOST_CLASSES = 15
_MOST_NOTES = 40
_COLUMNS = ("Column", "Type", "Distribution", "Missing", "Distinct", "Values")


def data(material: Material) -> Html | None:
    """Draw what is known of the data; nothing when Prepare wrote no profile."""
    given = material.profile
    found = profile.columns(given)
    rows = values.count(given.get("rows"))
    if not found and rows is None:
        return None
    size = [plural(rows, "row", "rows")] if rows is not None else []
    size += [plural(len(found), "column", "columns")] if found else []
    return section(
        "data",
        "Data",
        tag("p", " in ".join(size) + ".") if size else None,
        rejected(given),
        suspicions(given),
        _notes(profile.notes(given)),
        pair(_target(material), _splits(profile.splits(given))),
        _columns(found, rows),
        spread(given),
    )


def _notes(notes: Sequence[str]) -> list[Html]:
    if not notes:
        return []
    listed = [tag("li", cell(note)) for note in notes[:_MOST_NOTES]]
    if len(notes) > _MOST_NOTES:
        listed.append(tag("li", f"and {plural(len(notes) - _MOST_NOTES, 'more note', 'more notes')} in profile.json."))
    return [tag("p", "Noticed while preparing:"), tag("ul", listed, class_="notes")]


def _splits(splits: Sequence[tuple[str, float]]) -> Html | None:
    total = sum(size for _, size in splits)
    rows = [(name.capitalize(), size, f"{whole(size)} ({share(size, total)})") for name, size in splits[:10]]
    return bar_table("Splits", ("Part", "Rows"), rows)


def _target(material: Material) -> Html | None:
    target = profile.target(material.profile)
    heading = f"Target: {clip(target.name, 60)}" if target.name else "Target"
    if target.edges:
        return target_histogram("target", heading, target.edges, target.counts)
    shown, total = target.classes, sum(count for _, count in target.classes)
    if len(shown) > _MOST_CLASSES:
        heading += f", the {_MOST_CLASSES} largest of {len(shown):,} classes"
        shown = sorted(shown, key=lambda entry: -entry[1])[:_MOST_CLASSES]
    rows = [(label, count, f"{whole(count)} ({share(count, total)})") for label, count in shown]
    return bar_table(heading, ("Class", "Rows"), rows)


def _columns(found: Sequence[Column], rows: int | None) -> list[Html | None]:
    drawn = [_row(column, rows) for column in found[:_MOST_COLUMNS]]
    rest = table(_COLUMNS, drawn[_OPEN:], "columns")
    folded = None
    if rest:
        folded = tag("details", tag("summary", plural(len(drawn) - _OPEN, "more column", "more columns")), rest)
    left = len(found) - len(drawn)
    note = tag("p", f"{plural(left, 'more column', 'more columns')} in profile.json.", class_="note") if left else None
    return [table(_COLUMNS, drawn[:_OPEN], "columns"), folded, note]


def _row(column: Column, rows: int | None) -> list[Content]:
    counts = column.histogram or [count for _, count in column.top]
    return [
        tag("span", clip(column.name, 48), title=clip(column.name, 300)),
        clip(column.type, 30),
        sparkline(counts, f"Distribution of {clip(column.name, 100)}"),
        _missing(column.missing, rows),
        "" if column.distinct is None else f"{'≥ ' if column.capped else ''}{whole(column.distinct)}",
        markup(_values(column, rows), [tag("small", cell(note)) for note in (column.note, _outliers(column)) if note]),
    ]


def _missing(missing: int | None, rows: int | None) -> Content:
    if not missing:
        return "–" if missing is None else "0"
    return markup(whole(missing), f" ({share(missing, rows)})" if rows else None)


def _outliers(column: Column) -> str:
    """Say how many numbers are far from the others."""
    named = zip(column.outliers, ("far below", "far above"), strict=True)
    found = [f"{whole(count)} {where}" for count, where in named if count]
    return f"Outliers: {', '.join(found)} the quartiles." if found else ""


def _values(column: Column, rows: int | None) -> str:
    if column.personal:
        return "Personal, not shown"
    if column.low is not None and column.high is not None:
        median = "" if column.median is None else f", median {figure(column.median)}"
        return f"{figure(column.low)} to {figure(column.high)}{median}"
    parts = [
        f"{clip(value, 24) or '(blank)'}{f' {share(count, rows)}' if rows else ''}" for value, count in column.top[:3]
    ]
    return ", ".join(parts)
