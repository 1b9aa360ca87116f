"""The ROC curve: how many positives are found for how many false alarms, over all decision thresholds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cli.report.charts.frame import axes, drawing, figure, legend, path
from cli.report.markup import Html, tag
from cli.report.wording import score

_MOST_POINTS = 250


@dataclass(frozen=True)
class Curve:
    """One model's curve: rates between 0 and 1, and the area under it when it is known."""

    kind: str  # "candidate" or "baseline"
    false_positive_rates: Sequence[float]
    true_positive_rates: Sequence[float]
    area: float | None

    def points(self) -> list[tuple[float, float]]:
        """Return the curve from left to right, without what lies outside the unit square."""
        pairs = zip(self.false_positive_rates, self.true_positive_rates, strict=False)
        inside = [(x, y) for x, y in pairs if 0 <= x <= 1 and 0 <= y <= 1]
        return sorted(inside)

    @property
    def label(self) -> str:
        """The entry in the legend."""
        name = "Candidate" if self.kind == "candidate" else "Baseline"
        return name if self.area is None else f"{name} (area {score(self.area)})"


def roc(name: str, curves: Sequence[Curve]) -> Html | None:
    """Draw the curves that have points, the baseline below the candidate; nothing when none has."""
    drawn = [(curve, points) for curve in curves if (points := _thinned(curve.points()))]
    if not drawn:
        return None
    plot = axes((0, 1), (0, 1), ("False positive rate", "True positive rate"))
    diagonal = path([(plot.x(0), plot.y(0)), (plot.x(1), plot.y(1))])
    lines = [
        tag("path", class_=f"line {curve.kind}", d=path([(plot.x(x), plot.y(y)) for x, y in points]))
        if len(points) > 1
        else tag("circle", class_=f"mark {curve.kind}", cx=plot.x(points[0][0]), cy=plot.y(points[0][1]), r=4)
        for curve, points in sorted(drawn, key=lambda pair: pair[0].kind)
    ]
    chart = drawing(
        name,
        "ROC curve",
        f"{'; '.join(curve.label for curve, _ in drawn)}. The diagonal is what guessing gives.",
        plot.draw(),
        tag("path", class_="reference", d=diagonal),
        lines,
    )
    return figure("ROC curve", chart, legend([(curve.kind, curve.label) for curve, _ in drawn]))


def _thinned(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    if len(points) <= _MOST_POINTS:
        return points
    kept = {round(index * (len(points) - 1) / (_MOST_POINTS - 1)) for index in range(_MOST_POINTS)}
    return [points[index] for index in sorted(kept)]
