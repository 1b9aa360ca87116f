"""Small pieces that several sections are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cli.report import values
from cli.report.markup import Content, Html, markup, tag
from cli.report.wording import clip

LONGEST_CELL = 400


def section(name: str, heading: str, *content: Content) -> Html | None:
    """Wrap content in a section with a heading; nothing when there is no content."""
    body = markup(*content)
    if not body:
        return None
    return tag("section", tag("h2", heading, id=f"{name}-heading"), body, id=name, aria_labelledby=f"{name}-heading")


def table(columns: Sequence[str], rows: Sequence[Sequence[Content]], kind: str = "") -> Html | None:
    """Draw a table whose first column heads its rows; on a narrow screen it scrolls in a frame of its own.

    Cells carry their column's name, so that the style sheet can stack them where `kind` has "stacked" in it.
    """
    if not rows:
        return None
    head = tag("tr", [tag("th", column, scope="col") for column in columns])
    body = [
        tag(
            "tr",
            tag("th", row[0], scope="row"),
            [tag("td", cell, data_label=column) for column, cell in zip(columns[1:], row[1:], strict=True)],
        )
        for row in rows
    ]
    whole = tag("table", tag("thead", head), tag("tbody", body), class_=kind or None)
    return tag("div", whole, class_="frame")


def callout(tone: str, *content: Content) -> Html:
    """Draw a box that must not be overlooked."""
    return tag("div", *content, class_=f"callout {tone}")


def command(text: str) -> Html:
    """Show a command for a terminal; one click selects all of it."""
    return tag("pre", tag("code", text), class_="command")


def cell(text: str) -> Html:
    """Show text of unknown length, cut where it would drown the page."""
    return tag("span", clip(text, LONGEST_CELL), title=clip(text, 2000) if len(text) > LONGEST_CELL else None)


def job_name(step: Mapping[str, Any]) -> str:
    """Return the name of the job that a step ran; steps that make something else have no job and no log."""
    job = values.mapping(step.get("job"))
    return values.text(job.get("name")) if values.text(job.get("kind")).endswith("Job") else ""


def pair(*content: Content) -> Html | None:
    """Set figures side by side where there is room; nothing for no content."""
    body = markup(*content)
    return tag("div", body, class_="grid") if body else None
