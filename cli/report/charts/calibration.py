"""Calibration: how often rows of about one score are positive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cli.report.charts.frame import axes, drawing, figure, path
from cli.report.markup import Content, Html, tag
from cli.report.wording import share, whole


@dataclass(frozen=True)
class Bin:
    """Rows of about one score: their mean score, the share of positives with its interval, how many rows."""

    score: float
    share: float
    low: float
    high: float
    rows: int


def calibration(name: str, bins: Sequence[Bin], *below: Content) -> Html | None:
    """Draw a dot with its interval for each group of rows, and the diagonal of honest scores; nothing for no group."""
    drawn = [each for each in bins if all(0 <= value <= 1 for value in (each.score, each.share, each.low, each.high))]
    if not drawn:
        return None
    plot = axes((0, 1), (0, 1), ("Mean score", "Share of positive rows"))
    marks = [
        (
            tag("path", class_="interval", d=path([(plot.x(each.score), plot.y(y)) for y in (each.low, each.high)])),
            tag(
                "circle",
                tag("title", f"score {each.score:.3f}: {share(each.share, 1)} of {whole(each.rows)} rows"),
                class_="mark candidate",
                cx=plot.x(each.score),
                cy=plot.y(each.share),
                r=4.5,
            ),
        )
        for each in drawn
    ]
    chart = drawing(
        name,
        "Calibration",
        f"{len(drawn)} groups of rows by their score; on the diagonal a score is the share of positive rows.",
        plot.draw(),
        tag("path", class_="reference", d=path([(plot.x(0), plot.y(0)), (plot.x(1), plot.y(1))])),
        marks,
    )
    return figure("Calibration", chart, *below)
