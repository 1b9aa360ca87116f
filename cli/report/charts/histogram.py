"""Histograms: the bars themselves, and the small ones beside each column of the data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from cli.report.charts.scale import drawable
from cli.report.markup import Html, decimal, tag

_WIDTH, _HEIGHT = 120, 28
_MOST_BARS = 40


def bars(
    edges: Sequence[float], counts: Sequence[float], x: Callable[[float], float], y: Callable[[float], float]
) -> str:
    """Return path data of one bar for each count, from edge to edge."""
    floor = decimal(y(0))
    pieces = []
    for low, high, count in zip(edges, edges[1:], counts, strict=False):
        if count > 0:
            left, right = decimal(x(low)), decimal(x(high))
            pieces.append(f"M{left} {floor}V{decimal(y(count))}H{right}V{floor}Z")
    return "".join(pieces)


def is_histogram(edges: Sequence[float], counts: Sequence[float]) -> bool:
    """Say whether edges rise, are one more than the counts, and the counts hold anything."""
    if len(edges) != len(counts) + 1 or len(drawable(edges)) != len(edges) or len(drawable(counts)) != len(counts):
        return False
    rising = all(low < high for low, high in pairwise(edges))
    return rising and edges[-1] - edges[0] > 1e-290 and min(counts, default=-1) >= 0 and sum(counts) > 0


def sparkline(counts: Sequence[float], description: str) -> Html | None:
    """Draw a histogram of the size of a word; more bars than fit are added together."""
    merged = _merged([max(count, 0.0) for count in counts])
    highest = max(merged, default=0.0)
    if highest <= 0:
        return None
    width = _WIDTH / len(merged)
    gap = 1 if width > 4 else 0
    pieces = []
    for index, count in enumerate(merged):
        if count > 0:  # even a single row among millions leaves a trace
            height = max(count / highest * (_HEIGHT - 1), 1.0)
            across = decimal(width - gap)
            pieces.append(f"M{decimal(index * width)} {_HEIGHT}v-{decimal(height)}h{across}v{decimal(height)}z")
    return tag(
        "svg",
        tag("title", description),
        tag("path", class_="bars", d="".join(pieces)),
        viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
        width=_WIDTH,
        height=_HEIGHT,
        role="img",
    )


def _merged(counts: list[float]) -> list[float]:
    together = -(-len(counts) // _MOST_BARS)
    if together <= 1:
        return counts
    return [sum(counts[start : start + together]) for start in range(0, len(counts), together)]
