"""What the candidate looks at: by gain, by what permuting a column costs, and by contributions to predictions."""

from __future__ import annotations

from cli.report import judgement, quality, values
from cli.report.charts.bar_table import bar_table
from cli.report.charts.beeswarm import beeswarm
from cli.report.charts.frame import figure
from cli.report.markup import Html, tag
from cli.report.material import Material
from cli.report.sections.parts import pair, section
from cli.report.wording import figure as written
from cli.report.wording import metric_name, share

_MOST = 20


def explanation(material: Material) -> Html | None:
    """Draw importance by raw column; by feature where only that is known."""
    return section(
        "explanation",
        "What the candidate looks at",
        pair(_contributions(material), _permutation(material), _gain(material)),
    )


def _contributions(material: Material) -> Html | None:
    found, unit = judgement.swarms(material)
    chart = beeswarm("contributions", found, unit or "the model's unit")
    if chart is None:
        return None
    marks = [("low", "low value"), ("high", "high value"), ("plain", "text, or missing")]
    key = tag("ul", [tag("li", tag("span", class_=f"swatch {kind}"), name) for kind, name in marks], class_="legend")
    note = (
        "Each dot is a test row: how far the column's value pushes its prediction up or down (SHAP, exact for trees)."
    )
    return figure("Contributions to predictions", chart, key, tag("p", note, class_="note"))


def _permutation(material: Material) -> Html | None:
    metric = metric_name(values.text(material.details.get("metric")))
    rows = [
        (name, max(mean, 0.0), f"{written(mean, 3)} ± {written(deviation, 2)}")
        for name, mean, deviation in judgement.permutation(material)[:_MOST]
    ]
    return bar_table("Permutation importance", ("Column", f"{metric} lost without it"), rows)


def _gain(material: Material) -> Html | None:
    by_column = judgement.columns(material)
    ranked = [(name, gain, share(gain, 1)) for name, gain in (by_column or quality.importance(material))[:_MOST]]
    name = "Column" if by_column else "Feature"
    return bar_table(f"{name} importance", (name, "Share of the gain"), ranked, wide=not by_column)
