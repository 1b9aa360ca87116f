"""Objective by trial: what each trial of a search reached, and the best so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cli.report.charts.frame import WIDTH, Axes, axes, drawing, figure, legend, path
from cli.report.charts.scale import drawable, spread
from cli.report.markup import Html, tag
from cli.report.wording import plural, score


@dataclass(frozen=True)
class Point:
    """A trial with its place in the order of their start, counted from 1; only a complete one can be the best."""

    number: int
    value: float
    complete: bool


def trials(name: str, heading: str, noun: str, objective: str, points: Sequence[Point], minimize: bool) -> Html | None:
    """Draw a dot for each trial, hollow where it was cut short, below the line of the best so far."""
    points = [point for point in points if drawable([point.value])]
    if not points:
        return None
    last = max(point.number for point in points)
    plot = axes(
        (1, last) if last > 1 else (0, 2),
        spread([point.value for point in points], margin=0.12),
        (noun.title(), objective),
        whole=True,
    )
    steps = _best_so_far(points, minimize)
    words = f"{plural(len(points), noun, f'{noun}s')}"
    best = f"The best, {score(steps[-1].value)}, is {noun} {steps[-1].number}." if steps else ""
    cut = sum(not point.complete for point in points)
    note = f"Each dot is a {noun}.{f' Hollow: cut short ({cut}).' if cut else ''} {best}".strip()
    chart = drawing(
        name,
        heading,
        f"{words} in the order of their start. {best}".strip(),
        plot.draw(),
        _line(plot, steps, last),
        [_dot(plot, noun, point) for point in points],
        _mark(plot, steps[-1], minimize) if steps else None,
    )
    return figure(
        heading, chart, legend([("candidate", "Best so far")]) if steps else None, tag("p", note, class_="note")
    )


def _best_so_far(points: Sequence[Point], minimize: bool) -> list[Point]:
    """Return the trials that were the best when they had ended, in their order."""
    found: list[Point] = []
    for point in sorted(points, key=lambda each: each.number):
        if point.complete and (not found or _better(point.value, found[-1].value, minimize)):
            found.append(point)
    return found


def _better(value: float, other: float, minimize: bool) -> bool:
    return value < other if minimize else value > other


def _line(plot: Axes, steps: Sequence[Point], last: int) -> Html | None:
    corners: list[tuple[float, float]] = []
    for step in steps:
        if corners:
            corners.append((plot.x(step.number), corners[-1][1]))
        corners.append((plot.x(step.number), plot.y(step.value)))
    if not corners or (len(corners) == 1 and steps[0].number == last):
        return None
    return tag("path", class_="line candidate", d=path([*corners, (plot.x(last), corners[-1][1])]))


def _dot(plot: Axes, noun: str, point: Point) -> Html:
    title = tag("title", f"{noun.capitalize()} {point.number}: {score(point.value)}")
    kind = "trial" if point.complete else "trial cut"
    return tag("circle", title, class_=kind, cx=plot.x(point.number), cy=plot.y(point.value), r=3.5)


def _mark(plot: Axes, best: Point, minimize: bool) -> list[Html]:
    """Mark the best trial; its label stands where the line, which comes from the worse side, leaves room."""
    x, y = plot.x(best.number), plot.y(best.value)
    right = x < WIDTH - 110
    below = right != minimize
    side = "start" if right else "end"
    return [
        tag("circle", tag("title", score(best.value)), class_="mark candidate", cx=x, cy=y, r=5.5),
        tag(
            "text",
            f"best {score(best.value)}",
            class_=f"tick {side} strong",
            x=x + (9 if right else -9),
            y=y + (17 if below else -10),
        ),
    ]
