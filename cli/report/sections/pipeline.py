"""The pipeline: its graph, and a table with what happened in each step and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cli.report import values
from cli.report.charts.pipeline_graph import MOST_STEPS, pipeline_graph
from cli.report.markup import Content, Html, markup, tag
from cli.report.material import Material
from cli.report.sections.parts import cell, section, table
from cli.report.states import badge
from cli.report.wording import clip, duration, plural

_COLUMNS = ("Step", "Type", "State", "Time", "Cache", "How", "Reason")
_MOST_ROWS = 1000
_CACHE = {"hit": "Taken from the cache", "miss": "Not in the cache", "off": "Off"}


def pipeline(material: Material) -> Html | None:
    """Draw graph and table; there are two graphs, of which the style sheet shows the one that fits the screen."""
    steps = values.mappings(material.execution.get("steps"))
    if not steps:
        return None
    graphs = [pipeline_graph("graph-across", steps, across=True), pipeline_graph("graph-down", steps, across=False)]
    rows = [_row(step) for step in steps[:_MOST_ROWS]]
    return section(
        "pipeline",
        "Pipeline",
        tag("div", graphs, class_="frame graphs")
        if graphs[0]
        else tag("p", f"A graph of {len(steps)} steps is not drawn (at most {MOST_STEPS}).", class_="note"),
        table(_COLUMNS, rows, "stacked steps"),
        tag("p", f"{plural(len(steps) - _MOST_ROWS, 'more step', 'more steps')} in execution.json.", class_="note")
        if len(steps) > _MOST_ROWS
        else None,
    )


def _row(step: Mapping[str, Any]) -> list[Content]:
    seconds = values.number(step.get("seconds"))
    name, shown = values.text(step.get("name")), values.text(step.get("display_name"))
    return [
        markup(clip(name, 80), tag("small", clip(shown, 80)) if shown and shown != name else None),
        clip(values.text(step.get("type")), 40),
        badge(values.text(step.get("status"))),
        "" if seconds is None else duration(seconds),
        _cache(values.mapping(step.get("cache"))),
        clip(values.text(step.get("how")), 40),
        cell(values.text(step.get("reason"))),
    ]


def _cache(cache: Mapping[str, Any]) -> Content:
    result, reason = values.text(cache.get("result")), values.text(cache.get("reason"))
    source = values.text(cache.get("source")).rpartition("/")[2]
    if not result:
        return None
    return markup(
        _CACHE.get(result, clip(result, 40)),
        f" (execution {clip(source, 60)})" if source else None,
        tag("small", cell(reason)) if reason else None,
    )
