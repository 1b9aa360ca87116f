"""The candidate in groups of the test rows, and how far groups are apart."""

from __future__ import annotations

from collections.abc import Sequence

from cli.report import judgement, quality, values
from cli.report.charts.forest import forest
from cli.report.charts.frame import figure
from cli.report.judgement import Slice
from cli.report.markup import Content, Html, markup, tag
from cli.report.material import Material
from cli.report.sections.parts import pair, section, table
from cli.report.wording import clip, metric_name, scores_apart, share, whole

#: What is listed for each group, by the kind of problem.
_LISTED = {
    "binary": (
        ("base_rate", "Positive"),
        ("selection_rate", "Called positive"),
        ("true_positive_rate", "True positive rate"),
        ("false_positive_rate", "False positive rate"),
        ("precision", "Precision"),
    ),
    "multiclass": (("accuracy", "Accuracy"), ("f1_macro", "Macro F1")),
    "regression": (("mae", "MAE"), ("mean_residual", "Mean residual"), ("mean_actual", "Mean actual value")),
}


def slices(material: Material) -> Html | None:
    """Draw each column's groups; nothing where the problem names no columns."""
    metric = values.text(material.details.get("metric"))
    found = judgement.slices(material, metric)
    if not found:
        return None
    everybody = quality.metrics(material, "candidate").get(metric)
    kind = values.text(material.details.get("kind"))
    parts = [_column(place, each, metric, kind, everybody) for place, each in enumerate(found, start=1)]
    note = (
        "A group with few rows, or few of a class, is uncertain (hollow, dotted) and takes no part in the disparities. "
        "Dashed: all test rows."
    )
    return section("slices", "Groups", tag("p", note, class_="note"), parts)


def _column(place: int, found: Slice, metric: str, kind: str, everybody: float | None) -> Html:
    title = f"{metric_name(metric)} by {clip(found.column, 60)}"
    chart = forest(f"slice-{place}", title, found.groups, everybody)
    return tag(
        "div",
        pair(figure(title, chart) if chart else None, _disparities(found)),
        _listed(found, _LISTED.get(kind, ()), shares=kind != "regression"),
        class_="slice",
    )


def _listed(found: Slice, listed: Sequence[tuple[str, str]], *, shares: bool) -> Html | None:
    rows: list[list[Content]] = []
    for name, count, uncertain, entry in found.rows:
        cells: list[Content] = [
            markup(clip(name, 40), tag("small", f"uncertain: {clip(uncertain, 60)}") if uncertain else None),
            whole(count),
        ]
        for field, _ in listed:
            value = values.number(entry.get(field))
            cells.append("–" if value is None else share(value, 1) if shares else scores_apart(value)[0])
        rows.append(cells)
    return table((clip(found.column, 40), "Test rows", *(title for _, title in listed)), rows, "metrics groups")


def _disparities(found: Slice) -> Html | None:
    rows: list[list[Content]] = [
        [
            markup(each.name, tag("small", clip(each.definition, 200))),
            scores_apart(each.value)[0],
            markup(clip(each.lowest, 24), " → ", clip(each.highest, 24)),
        ]
        for each in found.disparities
    ]
    shown = table(("Disparity", "Value", "Lowest → highest"), rows, "disparities")
    return (
        tag("figure", tag("figcaption", f"How far groups of {clip(found.column, 60)} are apart"), shown)
        if shown
        else None
    )
