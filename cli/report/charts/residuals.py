"""The distribution of residuals: how far, and to which side, predictions miss."""

from __future__ import annotations

from collections.abc import Sequence

from cli.report.charts.frame import axes, drawing, figure, path
from cli.report.charts.histogram import bars, is_histogram
from cli.report.charts.scale import drawable
from cli.report.markup import Html, tag


def residuals(name: str, edges: Sequence[float], counts: Sequence[float]) -> Html | None:
    """Draw a histogram of predicted minus actual with a line at zero.

    `edges` has one value more than `counts` and rises; anything else, and an empty histogram, gives nothing.
    """
    if not is_histogram(edges, counts):
        return None
    low, high = min(edges[0], 0.0), max(edges[-1], 0.0)
    plot = axes((low, high), (0, max(counts) * 1.05), ("Predicted − actual", "Test rows"))
    too_low = sum(count for count, upper in zip(counts, edges[1:], strict=True) if upper <= 0)
    chart = drawing(
        name,
        "Residuals",
        f"Histogram of predicted minus actual over {sum(counts):,.0f} test rows.",
        plot.draw(),
        tag("path", class_="bars", d=bars(edges, counts, plot.x, plot.y)),
        tag("path", class_="reference", d=path([(plot.x(0), plot.y.start), (plot.x(0), plot.y.end)])),
    )
    note = f"Left of the dashed line the prediction is too low ({100 * too_low / sum(counts):.0f} % of the rows)."
    return figure("Residuals", chart, tag("p", note, class_="note"))


def residual_histogram(pairs: Sequence[tuple[float, float]], bins: int = 25) -> tuple[list[float], list[float]]:
    """Count predicted minus actual of (actual, predicted) pairs into equal bins; returns edges and counts."""
    found = drawable([predicted - actual for actual, predicted in pairs])
    if not found:
        return [], []
    low, high = min(found), max(found)
    if not low < high or high - low < max(1e-12 * max(abs(low), abs(high)), 1e-280):
        low, high = low - 0.5 * max(abs(low), 1.0), high + 0.5 * max(abs(high), 1.0)
    width = (high - low) / bins
    counts = [0.0] * bins
    for residual in found:
        counts[min(int((residual - low) / width), bins - 1)] += 1
    return [low + index * width for index in range(bins)] + [high], counts
