"""Training: the learning curves that the metrics of training steps make."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cli.report import values
from cli.report.charts.learning_curve import learning_curve
from cli.report.markup import Html
from cli.report.material import Material
from cli.report.sections.parts import pair, section
from cli.report.wording import clip

_MOST_CHARTS = 8


def training(material: Material) -> Html | None:
    """Draw one curve for each metric that a step reported for training or validation rows more than once."""
    charts: list[Html] = []
    for step in values.mappings(material.execution.get("steps")):
        for metric, (train, validation) in _series(step).items():
            name = f"learning-{len(charts) + 1}"
            title = clip(values.text(step.get("name")), 60)
            drawn = learning_curve(name, title, clip(metric, 60), train, validation)
            if drawn is not None and len(charts) < _MOST_CHARTS:
                charts.append(drawn)
    return section("training", "Training", pair(charts))


def _series(step: Mapping[str, Any]) -> dict[str, tuple[list[float], list[float]]]:
    """Return training and validation values of each metric; metrics that were reported once make no curve."""
    given = values.mapping(step.get("metrics"))
    names = [name.partition(":")[2] for name in given if name.startswith(("train:", "validation:"))]
    found = {name: (_values(given.get(f"train:{name}")), _values(given.get(f"validation:{name}"))) for name in names}
    return {name: curves for name, curves in found.items() if max(map(len, curves)) > 1}


def _values(series: object) -> list[float]:
    points = [point for point in values.items(series) if isinstance(point, list) and len(point) == 2]
    return values.numbers([point[1] for point in points])
