"""The pipeline as a picture: steps with state and duration, laid out in layers, branches labelled.

From left to right a picture is never wider than a page: what does not fit goes on in a row below, and the arrows
between two rows run through the gap between them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cli.report import values
from cli.report.charts.folding import fold
from cli.report.charts.layers import Arrangement, Edge, Item, Piece, arrange
from cli.report.markup import Html, decimal, tag
from cli.report.states import state
from cli.report.wording import clip, duration

MOST_STEPS = 120
_WIDTH, _HEIGHT = 166, 64
_MARGIN = 4
_MOST_LAYERS = 5  # in a row: as wide as the page of the report
_SIDE, _TURN, _LANE = 30.0, 6.0, 9.0  # beside folded rows, at the corners of an arrow, between arrows

Point = tuple[float, float]


@dataclass(frozen=True)
class _Layout:
    """Where everything stands: centres of steps and bends, the size, and how arrows get from one row to the next."""

    places: Mapping[Item, Point]
    width: float
    height: float
    lanes: Mapping[Piece, tuple[float, float]]
    """For each piece of an arrow that leads to the next row: the height of its lane, and how far out it turns."""


def pipeline_graph(name: str, steps: Sequence[Mapping[str, Any]], across: bool) -> Html | None:
    """Draw the steps of an `execution.json`, from left to right (`across`) or from top to bottom.

    Nothing is drawn for no steps, or more than a picture can hold.
    """
    by_name = {values.text(step.get("name")): step for step in steps}
    if not 0 < len(by_name) <= MOST_STEPS:
        return None
    arrangement = arrange(list(by_name), edges(steps))
    layout = _across(arrangement) if across else _down(arrangement)
    width, height = layout.width, layout.height
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
        [_arrow(name, edge, arrangement, layout, by_name, across) for edge in arrangement.edges],
        [_node(step, layout.places[key]) for key, step in by_name.items()],
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


def _across(arrangement: Arrangement) -> _Layout:
    """Lay the layers out from left to right, in as many rows as are needed."""
    along, aside = _WIDTH + 44, _HEIGHT + 20
    rows = fold(arrangement, _MOST_LAYERS)
    side = _SIDE if len(rows) > 1 else 0.0
    places: dict[Item, Point] = {}
    lanes: dict[Piece, tuple[float, float]] = {}
    top = float(_MARGIN)
    for index, row in enumerate(rows):
        if index:
            turning = _turning(arrangement, row.start)
            space = min(_LANE, (side - 2 * _TURN) / len(turning))
            for number, piece in enumerate(turning):
                out = _TURN + number * space
                lanes[piece] = (top + 2 * _LANE + number * _LANE, out)
            top += 3 * _LANE + len(turning) * _LANE
        breadths = {layer: _breadth(arrangement.layers[layer], aside) for layer in row}
        widest = max(breadths.values())
        for layer in row:
            x = side + _MARGIN + _WIDTH / 2 + (layer - row.start) * along
            y = top + (widest - breadths[layer]) / 2
            for item in arrangement.layers[layer]:
                room = _room(item, aside)
                places[item] = (x, y + room / 2)
                y += room
        top += widest
    longest = max(map(len, rows))
    return _Layout(places, (longest - 1) * along + _WIDTH + 2 * (_MARGIN + side), top + _MARGIN, lanes)


def _turning(arrangement: Arrangement, layer: int) -> list[Piece]:
    """Return the pieces of arrows that lead into a layer, those from the top of the layer before it last.

    In this order the lanes of arrows from above do not cross the stubs of those below.
    """
    before = {item: index for index, item in enumerate(arrangement.layers[layer - 1])}
    pieces = [
        piece
        for edge in arrangement.edges
        for piece in arrangement.pieces(edge)
        if piece[0] in before and piece[1] in arrangement.layers[layer]
    ]
    return sorted(pieces, key=lambda piece: -before[piece[0]])


def _down(arrangement: Arrangement) -> _Layout:
    """Lay the layers out from top to bottom."""
    along, aside = _HEIGHT + 40, _WIDTH + 16
    breadths = [_breadth(layer, aside) for layer in arrangement.layers]
    widest = max(breadths)
    places: dict[Item, Point] = {}
    for index, layer in enumerate(arrangement.layers):
        y = _MARGIN + _HEIGHT / 2 + index * along
        x = _MARGIN + (widest - breadths[index]) / 2
        for item in layer:
            room = _room(item, aside)
            places[item] = (x + room / 2, y)
            x += room
    return _Layout(places, widest + 2 * _MARGIN, (len(arrangement.layers) - 1) * along + _HEIGHT + 2 * _MARGIN, {})


def _room(item: Item, aside: float) -> float:
    return aside if isinstance(item, str) else 24.0


def _breadth(layer: Sequence[Item], aside: float) -> float:
    return sum(_room(item, aside) for item in layer)


def _arrow(
    name: str,
    edge: Edge,
    arrangement: Arrangement,
    layout: _Layout,
    steps: Mapping[str, Mapping[str, Any]],
    across: bool,
) -> list[Html]:
    half = (_WIDTH if across else _HEIGHT) / 2
    start = _moved(layout.places[edge.source], half, across)
    drawn = [f"M{decimal(start[0])} {decimal(start[1])}"]
    label: Point | None = None
    for before, after in arrangement.pieces(edge):
        here = _moved(layout.places[before], half, across)
        end = _moved(layout.places[after], -half - (2 if after == edge.target else 0), across)
        if lane := layout.lanes.get((before, after)):
            drawn.append(_turn(here, end, *lane))
            label = label or (here[0] - half, lane[0])
        else:
            drawn.append(_curve(here, end, across))
            label = label or ((here[0] + end[0]) / 2, (here[1] + end[1]) / 2)
        if after != edge.target:  # straight on beside the steps of the layer, which the curve would touch
            drawn.append("L{} {}".format(*map(decimal, _moved(layout.places[after], half, across))))
    unused = "NotExecuted" in (steps[edge.source].get("status"), steps[edge.target].get("status"))
    line = tag(
        "path",
        class_="edge unused" if unused else "edge",
        d="".join(drawn),
        marker_end=f"url(#{name}-arrow)",
    )
    if not edge.label or label is None:
        return [line]
    x, y = label
    backdrop = tag("rect", class_="branch", x=x - 15, y=y - 9, width=30, height=18, rx=9)
    return [line, backdrop, tag("text", edge.label, class_="tick branch", x=x, y=y + 4)]


def _moved(point: Point, distance: float, across: bool) -> Point:
    return (point[0] + distance, point[1]) if across else (point[0], point[1] + distance)


def _curve(start: Point, end: Point, across: bool) -> str:
    middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    bends = ((middle[0], start[1]), (middle[0], end[1])) if across else ((start[0], middle[1]), (end[0], middle[1]))
    return "C" + " ".join(f"{decimal(x)} {decimal(y)}" for x, y in (*bends, end))


def _turn(start: Point, end: Point, lane: float, out: float) -> str:
    """Return the way to the next row: out to the right, back along the lane between the rows, in from the left."""
    right, left, turn = start[0] + out + _TURN, end[0] - out - 2 * _TURN, _TURN
    corners = (
        (right - turn, start[1], right, start[1], right, start[1] + turn),
        (right, lane - turn, right, lane, right - turn, lane),
        (left + turn, lane, left, lane, left, lane + turn),
        (left, end[1] - turn, left, end[1], left + turn, end[1]),
    )
    pieces = ("L{} {}Q{} {} {} {}".format(*map(decimal, corner)) for corner in corners)
    return "".join(pieces) + f"L{decimal(end[0])} {decimal(end[1])}"


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
