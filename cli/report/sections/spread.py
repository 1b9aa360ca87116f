"""What Prepare found beside the columns themselves: suspicions, rejected rows, spread by class, correlations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from cli.report import profile, values
from cli.report.charts.bar_table import bar_table
from cli.report.charts.by_class import by_class
from cli.report.charts.correlation import correlation
from cli.report.markup import Content, Html, markup, tag
from cli.report.sections.parts import callout, cell, pair, table
from cli.report.wording import clip, figure, plural, share, whole

_MOST_DRAWN = 6
_MOST_LISTED = 12
_MOST_RANKED = 30


def suspicions(given: Mapping[str, Any]) -> Html | None:
    """Say which columns may give the target away, and which are spread differently in another split."""
    leaks = [
        markup(tag("strong", clip(name, 60)), f" may give the target away: alone it tells {share(told, 1)} of it.")
        for name, told in profile.leaks(given)[:_MOST_LISTED]
    ]
    drifts = [
        markup(tag("strong", clip(name, 60)), f" is spread differently in {clip(split, 20)} (PSI {index:.2f}).")
        for name, split, index in profile.drifts(given)[:_MOST_LISTED]
    ]
    found = [tag("p", each) for each in (*leaks, *drifts)]
    return callout("warn", *found) if found else None


def rejected(given: Mapping[str, Any]) -> Html | None:
    """Count the rows that break the contract; nothing where the problem has none."""
    contract = values.mapping(given.get("contract"))
    rows, count = values.count(contract.get("rows")), values.count(contract.get("rejected"))
    if rows is None or count is None:
        return None
    if not count:
        return tag("p", f"All {whole(rows)} rows keep the data contract.")
    broken: list[Sequence[Content]] = [
        (clip(values.text(each.get("column")), 60), cell(values.text(each.get("rule"))), whole(found))
        for each in values.mappings(contract.get("broken"))[:_MOST_LISTED]
        if (found := values.count(each.get("rows"))) is not None
    ]
    start = f"{plural(count, 'row breaks', 'rows break')} the data contract ({share(count, rows)})"
    said = tag("p", f"{start}, set aside in rejected.csv.")
    return markup(said, table(("Column", "Breach", "Rows"), broken, "plain"))


def selection(given: Mapping[str, Any]) -> Html | None:
    """Rank the columns as they were selected, those left out marked; nothing where none were."""
    rows = [
        (f"{values.text(each.get('column'))}{'' if each.get('kept') is True else ' (left out)'}", score, figure(score))
        for each in values.mappings(given.get("selection"))[:_MOST_RANKED]
        if (score := values.number(each.get("score"))) is not None
    ]
    return bar_table("Selection of columns", ("Column", "Score"), rows, wide=True)


def spread(given: Mapping[str, Any]) -> Html | None:
    """Draw correlations, and the columns that tell most about the classes, by class."""
    labels, coefficients = profile.correlations(given)
    told = sorted(profile.columns_by_class(given), key=lambda each: -each.tells)[:_MOST_DRAWN]
    drawn = [_by_class(number, each) for number, each in enumerate(told)]
    return pair(selection(given), *drawn, correlation("correlations", labels, coefficients))


def _by_class(number: int, column: profile.ByClass) -> Html | None:
    heading = f"{clip(column.name, 48)} by class"
    if column.levels:
        ends = (column.levels[0], column.levels[-1])
        return by_class(f"by-class-{number}", heading, column.counts, ends, column.levels)
    written = _dates(column) if column.dates else [figure(edge) for edge in column.edges]
    bins = [f"{low} to {high}" for low, high in pairwise(written)]
    ends = (written[0], written[-1]) if written else ("", "")
    return by_class(f"by-class-{number}", heading, column.counts, ends, bins)


def _dates(column: profile.ByClass) -> list[str]:
    """Write edges, which are seconds since 1970, as days; those that no calendar has as they are."""
    try:
        return [f"{datetime.fromtimestamp(edge, UTC):%Y-%m-%d}" for edge in column.edges]
    except (OverflowError, ValueError, OSError):
        return [figure(edge) for edge in column.edges]
