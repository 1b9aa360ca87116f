"""Curves of several models, or of several measures, on common axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cli.report.charts.frame import Axes, axes, drawing, figure, legend, path
from cli.report.charts.scale import drawable, spread
from cli.report.markup import Content, Html, tag

_MOST_POINTS = 250

Point = tuple[float, float]
UNIT = (0.0, 1.0)


@dataclass(frozen=True)
class Line:
    """One curve: how it is drawn ("candidate", "baseline", "champion"), its entry in the legend, its points."""

    kind: str
    label: str
    points: Sequence[Point]


@dataclass(frozen=True)
class Frame:
    """What stands around the curves; a range that is None follows from the points."""

    heading: str
    x: str
    y: str
    description: str
    x_range: tuple[float, float] | None = UNIT
    y_range: tuple[float, float] | None = UNIT
    reference: Sequence[Point] = ()
    mark: float | None = None
    """Where a vertical line stands, such as the threshold in use."""


def curves(name: str, frame: Frame, lines: Sequence[Line], *below: Content) -> Html | None:
    """Draw the lines that have points within the ranges, the first one on top; nothing when none has."""
    drawn = [(line, points) for line in lines if (points := _inside(line.points, frame))]
    if not drawn:
        return None
    every = [point for _, points in drawn for point in points]
    plot = axes(
        frame.x_range or spread([x for x, _ in every]),
        frame.y_range or spread([y for _, y in every]),
        (frame.x, frame.y),
    )
    chart = drawing(
        name,
        frame.heading,
        frame.description,
        plot.draw(),
        tag("path", class_="reference", d=_data(plot, frame.reference)) if frame.reference else None,
        _vertical(plot, frame.mark),
        [_curve(plot, line.kind, points) for line, points in reversed(drawn)],
    )
    return figure(frame.heading, chart, legend([(line.kind, line.label) for line, _ in drawn]), *below)


def _inside(points: Sequence[Point], frame: Frame) -> list[Point]:
    low_x, high_x = frame.x_range or (float("-inf"), float("inf"))
    low_y, high_y = frame.y_range or (float("-inf"), float("inf"))
    found = [(x, y) for x, y in points if len(drawable([x, y])) == 2 and low_x <= x <= high_x and low_y <= y <= high_y]
    if len(found) <= _MOST_POINTS:
        return found
    kept = {round(index * (len(found) - 1) / (_MOST_POINTS - 1)) for index in range(_MOST_POINTS)}
    return [found[index] for index in sorted(kept)]


def _curve(plot: Axes, kind: str, points: Sequence[Point]) -> Html:
    if len(points) == 1:
        return tag("circle", class_=f"mark {kind}", cx=plot.x(points[0][0]), cy=plot.y(points[0][1]), r=4)
    return tag("path", class_=f"line {kind}", d=_data(plot, points))


def _data(plot: Axes, points: Sequence[Point]) -> str:
    return path([(plot.x(x), plot.y(y)) for x, y in points])


def _vertical(plot: Axes, x: float | None) -> Html | None:
    if x is None:
        return None
    return tag("path", class_="threshold", d=path([(plot.x(x), plot.y.start), (plot.x(x), plot.y.end)]))
