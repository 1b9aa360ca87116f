"""Bars in a table: feature importance, class counts. Numbers stay readable as text and at any width."""

from __future__ import annotations

from collections.abc import Sequence

from cli.report.markup import Html, tag
from cli.report.wording import clip


def bar_table(
    heading: str, columns: tuple[str, str], rows: Sequence[tuple[str, float, str]], wide: bool = False
) -> Html | None:
    """Draw one bar for each (name, size, written value), relative to the largest size; nothing for no rows."""
    largest = max((size for _, size, _ in rows), default=0.0)
    if not rows:
        return None
    name, value = columns
    head = tag("tr", tag("th", name, scope="col"), tag("th", value, scope="col", colspan=2))
    body = [
        tag(
            "tr",
            tag("th", clip(label, 40), scope="row", title=clip(label, 300)),
            tag("td", _bar(size / largest if largest > 0 else 0.0), class_="bar"),
            tag("td", written, class_="number"),
        )
        for label, size, written in rows
    ]
    whole = tag("table", tag("thead", head), tag("tbody", body), class_="bars")
    return tag("figure", tag("figcaption", heading), whole, class_="wide" if wide else None)


def _bar(part: float) -> Html:
    width = f"{100 * min(max(part, 0.0), 1.0):.1f}%"
    return tag("svg", tag("rect", width=width, height=12, rx=1.5), width="100%", height=12, aria_hidden="true")
