"""Evaluation on the test rows: what is taken for what, and how far predictions miss."""

from __future__ import annotations

from collections.abc import Sequence

from cli.report import judgement, quality
from cli.report.charts.bar_table import bar_table
from cli.report.charts.confusion import MOST_CLASSES, confusion
from cli.report.charts.predicted_actual import predicted_actual
from cli.report.charts.residuals import residuals
from cli.report.charts.roc import roc
from cli.report.markup import Content, Html, tag
from cli.report.material import Material
from cli.report.sections.deciding import calibrated, gains, precision_recall, thresholds
from cli.report.sections.parts import pair, section, table
from cli.report.wording import clip, figure, share, whole

_MOST_CLASSES_LISTED = 12
_MOST_MISTAKES = 8


def evaluation(material: Material) -> Html | None:
    """Draw the pictures of the kind of problem it was; each is left out when its figures are not there."""
    labels, matrix = quality.confusion(material)
    edges, counts = quality.residuals(material)
    return section(
        "evaluation",
        "Evaluation of the candidate",
        pair(
            confusion("confusion", labels, matrix),
            roc("roc", quality.curves(material)),
            _classes(labels, matrix) if len(labels) > 2 else None,
            _mistakes(labels, matrix) if len(labels) > 2 else None,
            predicted_actual("predicted-actual", quality.pairs(material)),
            residuals("residuals", edges, counts),
            _fifths(material),
            *(curve(material) for curve in (precision_recall, thresholds, gains, calibrated)),
        ),
    )


def _fifths(material: Material) -> Html | None:
    """Draw the error by fifths of the target, and to which side predictions miss there."""
    rows = []
    for each in judgement.fifths(material):
        side = "too high" if each.mean > 0 else "too low"
        told = f"{figure(each.error, 3)} ({figure(abs(each.mean), 2)} {side})"
        rows.append((f"{figure(each.low, 3)} to {figure(each.high, 3)}", each.error, told))
    return bar_table("Error by actual value", ("Actual value", "Mean absolute error (on average)"), rows)


def _classes(labels: Sequence[str], matrix: Sequence[Sequence[float]]) -> Html | None:
    predicted = [sum(column) for column in zip(*matrix, strict=True)]
    rows: list[tuple[float, list[Content]]] = []
    for index, label in enumerate(labels):
        right, actual = matrix[index][index], sum(matrix[index])
        if actual > 0:
            row: list[Content] = [clip(label, 24), whole(actual), share(right, actual), share(right, predicted[index])]
            rows.append((right / actual, row))
    heading = "Classes"
    if len(rows) > _MOST_CLASSES_LISTED:
        heading = f"The {_MOST_CLASSES_LISTED} classes found least often, of {len(rows):,}"
        rows = sorted(rows, key=lambda row: row[0])[:_MOST_CLASSES_LISTED]
    shown = table(("Class", "Test rows", "Recall", "Precision"), [row for _, row in rows], "metrics")
    return tag("figure", tag("figcaption", heading), shown) if shown else None


def _mistakes(labels: Sequence[str], matrix: Sequence[Sequence[float]]) -> Html | None:
    found = [
        (count, row, column)
        for row, counts in enumerate(matrix)
        for column, count in enumerate(counts)
        if count > 0 and row != column
    ]
    worst = sorted(found, key=lambda mistake: (-mistake[0], mistake[1:]))[:_MOST_MISTAKES]
    rows: list[Sequence[Content]] = [
        (clip(labels[row], 24), clip(labels[column], 24), whole(count), share(count, sum(matrix[row])))
        for count, row, column in worst
    ]
    shown = table(("Actual", "Predicted", "Test rows", "Share of the class"), rows, "metrics pairs")
    drawn = len(labels) <= MOST_CLASSES
    note = None if drawn else tag("p", f"A matrix of {len(labels):,} classes is not drawn.", class_="note")
    return tag("figure", tag("figcaption", "Most frequent mistakes"), shown, note) if shown else None
