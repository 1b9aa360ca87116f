"""The distribution of a numeric target."""

from __future__ import annotations

from collections.abc import Sequence

from cli.report.charts.frame import axes, drawing, figure
from cli.report.charts.histogram import bars, is_histogram
from cli.report.markup import Html, tag


def target_histogram(name: str, heading: str, edges: Sequence[float], counts: Sequence[float]) -> Html | None:
    """Draw rows by value of the target; nothing for what is not a histogram or holds no rows."""
    if not is_histogram(edges, counts):
        return None
    plot = axes((edges[0], edges[-1]), (0, max(counts) * 1.05), ("Value", "Rows"))
    chart = drawing(
        name,
        heading,
        f"Histogram over {sum(counts):,.0f} rows from {edges[0]:.6g} to {edges[-1]:.6g}.",
        plot.draw(),
        tag("path", class_="bars", d=bars(edges, counts, plot.x, plot.y)),
    )
    return figure(heading, chart)
