"""The pipeline as a picture: steps with state and duration, laid out in layers, branches labelled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from cli.report import values
from cli.report.charts.layers import Arrangement, Bend, Edge, arrange
from cli.report.markup import Html, decimal, tag
from cli.report.states import state
from cli.report.wording import clip, duration

MOST_STEPS = 120
_WIDTH, _HEIGHT = 158, 64
_MARGIN = 4

Point = tuple[float, float]


def pipeline_graph(name: str, steps: Sequence[Mapping[str, Any]], across: bool) -> Html | None:
    """Draw the steps of an `execution.json`, from left to right (`across`) or from top to bottom.

    Nothing is drawn for no steps, or more than a picture can hold.
    """
    by_name = {values.text(step.get("name")): step for step in steps}
    if not 0 < len(by_name) <= MOST_STEPS:
        return None
    arrangement = arrange(list(by_name), edges(steps))
    places, width, height = _places(arrangement, across)
    return tag(
        "svg",
        tag("title", "Pipeline", id=f"{name}-title"),
        tag("desc", _in_words(by_name), id=f"{name}-description"),
        tag(
            "defs",
            tag(
                "marker",
                tag("path", d="M0 0L8 4L0 8z"),
                id=f"{name}-arrow",
                viewBox="0 0 8 8",
                refX=7,
                refY=4,
                markerWidth=8,
                markerHeight=8,
                markerUnits="userSpaceOnUse",
                orient="auto",
            ),
        ),
        [_arrow(name, edge, arrangement, places, by_name, across) for edge in arrangement.edges],
        [_node(step, places[key]) for key, step in by_name.items()],
        class_=f"graph {'across' if across else 'down'}",
        viewBox=f"0 0 {decimal(width)} {decimal(height)}",
        style=f"max-width:{decimal(width)}px;min-width:{decimal(width * 0.8)}px",
        role="img",
        aria_labelledby=f"{name}-title {name}-description",
    )


def edges(steps: Sequence[Mapping[str, Any]]) -> list[Edge]:
    """Return the arrows between steps: what each waits for, and from a condition into its branches."""
    branches = {values.text(step.get("name")): values.mapping(step.get("branch")) for step in steps}
    found = []
    for step in steps:
        name = values.text(step.get("name"))
        branch = branches[name]
        waits = [values.text(before) for before in values.items(step.get("depends_on"))]
        condition = values.text(branch.get("condition"))
        inside = any(branches.get(before) == branch for before in waits)
        if condition and not inside:
            found.append(Edge(condition, name, "if" if branch.get("when") else "else"))
        found += [Edge(before, name) for before in waits if before and before != condition]
    return found


def _places(arrangement: Arrangement, across: bool) -> tuple[dict[str | Bend, Point], float, float]:
    """Return the centre of every step and bend, and the size of the picture."""
    along, aside = (_WIDTH + 46, _HEIGHT + 20) if across else (_HEIGHT + 40, _WIDTH + 16)
    breadths = [_breadth(layer, aside) for layer in arrangement.layers]
    widest = max(breadths)
    places: dict[str | Bend, Point] = {}
    for index, layer in enumerate(arrangement.layers):
        main = _MARGIN + (_WIDTH if across else _HEIGHT) / 2 + index * along
        cross = _MARGIN + (widest - breadths[index]) / 2
        for item in layer:
            room = _room(item, aside)
            centre = cross + room / 2
            places[item] = (main, centre) if across else (centre, main)
            cross += room
    length = (len(arrangement.layers) - 1) * along + (_WIDTH if across else _HEIGHT) + 2 * _MARGIN
    return (places, length, widest + 2 * _MARGIN) if across else (places, widest + 2 * _MARGIN, length)


def _room(item: str | Bend, aside: float) -> float:
    return aside if isinstance(item, str) else 24.0


def _breadth(layer: Sequence[str | Bend], aside: float) -> float:
    return sum(_room(item, aside) for item in layer)


def _arrow(
    name: str,
    edge: Edge,
    arrangement: Arrangement,
    places: Mapping[str | Bend, Point],
    steps: Mapping[str, Mapping[str, Any]],
    across: bool,
) -> list[Html]:
    half = (_WIDTH if across else _HEIGHT) / 2
    stops = [_moved(places[edge.source], half, across)]
    stops += [places[bend] for bend in arrangement.bends.get(edge, [])]
    stops.append(_moved(places[edge.target], -half - 2, across))
    unused = "NotExecuted" in (steps[edge.source].get("status"), steps[edge.target].get("status"))
    line = tag(
        "path",
        class_="edge unused" if unused else "edge",
        d=_curve(stops, across),
        marker_end=f"url(#{name}-arrow)",
    )
    if not edge.label:
        return [line]
    (x1, y1), (x2, y2) = stops[0], stops[1]
    x, y = (x1 + x2) / 2, (y1 + y2) / 2
    backdrop = tag("rect", class_="branch", x=x - 15, y=y - 9, width=30, height=18, rx=9)
    return [line, backdrop, tag("text", edge.label, class_="tick branch", x=x, y=y + 4)]


def _moved(point: Point, distance: float, across: bool) -> Point:
    return (point[0] + distance, point[1]) if across else (point[0], point[1] + distance)


def _curve(stops: Sequence[Point], across: bool) -> str:
    pieces = [f"M{decimal(stops[0][0])} {decimal(stops[0][1])}"]
    for (x1, y1), (x2, y2) in pairwise(stops):
        middle = ((x1 + x2) / 2, (y1 + y2) / 2)
        bend1, bend2 = ((middle[0], y1), (middle[0], y2)) if across else ((x1, middle[1]), (x2, middle[1]))
        pieces.append("C" + " ".join(f"{decimal(x)} {decimal(y)}" for x, y in (bend1, bend2, (x2, y2))))
    return "".join(pieces)


def _node(step: Mapping[str, Any], place: Point) -> Html:
    name, shown = values.text(step.get("name")), state(values.text(step.get("status")))
    x, y = place[0] - _WIDTH / 2, place[1] - _HEIGHT / 2
    return tag(
        "g",
        tag("title", f"{clip(name, 200)}: {shown.label}. {clip(values.text(step.get('reason')), 400)}"),
        tag("path", class_="box", d=_outline(x, y, values.text(step.get("type")) == "Condition")),
        tag(
            "path",
            class_=f"sign {shown.tone}",
            d=shown.sign,
            transform=f"translate({decimal(x + 11)} {decimal(y + 10)})",
        ),
        tag("text", clip(name, 15), class_="name", x=x + 33, y=y + 22),
        tag("text", clip(_kind(step), 21), class_="kind", x=x + 33, y=y + 38),
        tag("text", clip(_progress(step), 22), class_="progress", x=x + 33, y=y + 54),
        class_=f"node {shown.tone}",
    )


def _outline(x: float, y: float, condition: bool) -> str:
    """Return a box with round corners, or with cut ones for a step that decides."""
    w, h, r = _WIDTH, _HEIGHT, 12 if condition else 7
    corner = "l" if condition else f"a{r} {r} 0 0 1 "
    return (
        f"M{decimal(x + r)} {decimal(y)}h{w - 2 * r}{corner}{r} {r}v{h - 2 * r}{corner}-{r} {r}"
        f"h-{w - 2 * r}{corner}-{r} -{r}v-{h - 2 * r}{corner}{r} -{r}z"
    )


def _kind(step: Mapping[str, Any]) -> str:
    kind, outcome = values.text(step.get("type")), step.get("outcome")
    return f"{kind}: {'true' if outcome else 'false'}" if isinstance(outcome, bool) else kind


def _progress(step: Mapping[str, Any]) -> str:
    shown, seconds = state(values.text(step.get("status"))), values.number(step.get("seconds"))
    if values.text(values.mapping(step.get("cache")).get("result")) == "hit":
        return "From the cache"
    if seconds is None or shown.tone == "idle":
        return shown.label
    return f"{shown.label}, {duration(seconds)}"


def _in_words(steps: Mapping[str, Mapping[str, Any]]) -> str:
    parts = []
    for name, step in steps.items():
        waits = ", ".join(clip(values.text(before), 60) for before in values.items(step.get("depends_on")))
        parts.append(f"{clip(name, 60)} ({_kind(step)}): {_progress(step)}{f', after {waits}' if waits else ''}.")
    return " ".join(parts)
