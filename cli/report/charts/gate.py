"""The quality gate on a line: the passing side, the candidate and the baseline."""

from __future__ import annotations

from cli.report.charts.frame import WIDTH, drawing
from cli.report.charts.scale import Scale, drawable, spread, tick_text
from cli.report.markup import Html, tag

_HEIGHT, _LINE = 84, 40


def gate_line(
    name: str,
    value: float,
    threshold: float,
    at_least: bool,
    baseline: float | None,
    champion: float | None = None,
    interval: tuple[float, float] | None = None,
) -> Html | None:
    """Draw where the candidate (and the others) stand to the threshold; nothing for values beyond drawing."""
    shown = [value, threshold, *(each for each in (baseline, champion, *(interval or ())) if each is not None)]
    if len(drawable(shown)) != len(shown):
        return None
    low, high = spread(shown, margin=0.18)
    x = Scale(low, high, 14, WIDTH - 14)
    ticks = x.ticks(4)
    left, right = (x(threshold), x.end) if at_least else (x.start, x(threshold))
    reads = "at least" if at_least else "at most"
    return drawing(
        name,
        "Quality gate",
        f"The candidate is at {value:.6g} and must be {reads} {threshold:.6g}"
        + ("" if baseline is None else f"; the baseline is at {baseline:.6g}")
        + ("." if champion is None else f"; the approved model is at {champion:.6g}."),
        tag("rect", class_="passing", x=left, y=_LINE - 14, width=right - left, height=28),
        tag("path", class_="axis", d=f"M14 {_LINE}H{WIDTH - 14}"),
        tag("path", class_="threshold", d=f"M{x(threshold):.1f} {_LINE - 20}V{_LINE + 20}"),
        tag("text", "threshold", class_=f"tick {_side(x(threshold))}", x=x(threshold), y=_LINE - 25),
        None
        if interval is None
        else tag("path", class_="interval", d=f"M{x(interval[0]):.1f} {_LINE}H{x(interval[1]):.1f}"),
        None if baseline is None else _diamond(x(baseline)),
        None if champion is None else _square(x(champion)),
        tag("circle", tag("title", "candidate"), class_="mark candidate", cx=x(value), cy=_LINE, r=6.5),
        [
            tag("text", tick_text(tick, ticks), class_=f"tick {_side(x(tick))}", x=x(tick), y=_HEIGHT - 8)
            for tick in ticks
        ],
        height=_HEIGHT,
    )


def _side(x: float) -> str:
    if x < 40:
        return "start"
    return "end" if x > WIDTH - 40 else ""


def _square(x: float) -> Html:
    return tag(
        "path",
        tag("title", "approved model"),
        class_="mark champion",
        d=f"M{x - 5.5:.1f} {_LINE - 5.5}h11v11h-11z",
    )


def _diamond(x: float) -> Html:
    return tag(
        "path",
        tag("title", "baseline"),
        class_="mark baseline",
        d=f"M{x:.1f} {_LINE - 8}l8 8l-8 8l-8 -8z",
    )
