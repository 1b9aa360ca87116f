"""The ROC curve: how many positives are found for how many false alarms, over all decision thresholds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cli.report.charts.curves import Frame, Line, curves
from cli.report.markup import Html
from cli.report.wording import model_name, score


@dataclass(frozen=True)
class Curve:
    """One model's curve: rates between 0 and 1, and the area under it when it is known."""

    kind: str  # "candidate", "baseline" or "champion"
    false_positive_rates: Sequence[float]
    true_positive_rates: Sequence[float]
    area: float | None

    def points(self) -> list[tuple[float, float]]:
        """Return the curve from left to right."""
        return sorted(zip(self.false_positive_rates, self.true_positive_rates, strict=False))

    @property
    def label(self) -> str:
        """The entry in the legend."""
        name = model_name(self.kind)
        return name if self.area is None else f"{name} (area {score(self.area)})"


def roc(name: str, found: Sequence[Curve]) -> Html | None:
    """Draw the curves that have points within the unit square; nothing when none has."""
    lines = [Line(curve.kind, curve.label, curve.points()) for curve in found]
    told = "; ".join(curve.label for curve in found)
    frame = Frame(
        "ROC curve",
        "False positive rate",
        "True positive rate",
        f"{told}. The diagonal is what guessing gives.",
        reference=[(0, 0), (1, 1)],
    )
    return curves(name, frame, lines)
