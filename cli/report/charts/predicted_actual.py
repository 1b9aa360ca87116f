"""Predicted values against actual ones."""

from __future__ import annotations

from collections.abc import Sequence

from cli.report.charts.frame import axes, drawing, figure, path
from cli.report.charts.scale import drawable, spread
from cli.report.markup import Html, decimal, tag

_MOST_POINTS = 1000


def predicted_actual(name: str, pairs: Sequence[tuple[float, float]]) -> Html | None:
    """Draw one dot for each (actual, predicted) pair, on equal axes with the line where both agree."""
    usable = [pair for pair in pairs if len(drawable(pair)) == 2][:_MOST_POINTS]
    if not usable:
        return None
    limits = spread([value for pair in usable for value in pair], margin=0.04)
    plot = axes(limits, limits, ("Actual", "Predicted"))
    dots = "".join(f"M{decimal(plot.x(actual))} {decimal(plot.y(predicted))}h0" for actual, predicted in usable)
    ends = [(plot.x(limit), plot.y(limit)) for limit in limits]
    chart = drawing(
        name,
        "Predicted against actual values",
        f"{len(usable)} test rows; on the diagonal the prediction is exact.",
        plot.draw(),
        tag("path", class_="reference", d=path(ends)),
        tag("path", class_="dots", d=dots),
    )
    note = f"{len(usable):,} test rows; on the dashed line the prediction is exact."
    return figure("Predicted against actual", chart, tag("p", note, class_="note"))
