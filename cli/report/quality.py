"""Reading what Evaluate wrote, from its own details or from the registry's form, whichever is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cli.report import values
from cli.report.charts.residuals import residual_histogram
from cli.report.charts.roc import Curve
from cli.report.material import Material
from cli.report.wording import LOWER_IS_BETTER

_GROUPS = ("binary_classification_metrics", "multiclass_classification_metrics", "regression_metrics")
_RATES = ("false_positive_rates", "true_positive_rates")
_MOST_ROWS = 5000


@dataclass(frozen=True)
class Gate:
    """The gate's metric with the candidate's value; what was not given is None."""

    metric: str
    value: float
    threshold: float | None
    at_least: bool
    baseline: float | None
    champion: float | None = None
    tolerance: float | None = None
    behind: float | None = None

    @property
    def too_far_behind(self) -> bool:
        """Whether the candidate is worse than the approved model by more than was allowed."""
        known = self.champion is not None and self.behind is not None and self.tolerance is not None
        return known and (self.behind or 0.0) > (self.tolerance or 0.0)


def gate(material: Material) -> Gate | None:
    """Return what the quality gate looked at; the threshold is the execution's parameter."""
    value = values.number(material.gate.get("value"))
    if value is None:
        return None
    metric = values.text(material.gate.get("metric"))
    direction = material.gate.get("threshold_direction")
    parameters = values.mapping(material.execution.get("parameters"))
    return Gate(
        metric,
        value,
        _threshold(parameters.get("MetricThreshold")),
        direction == "at_least" if direction in ("at_least", "at_most") else metric not in LOWER_IS_BETTER,
        values.number(material.gate.get("baseline")),
        values.number(material.gate.get("champion")),
        _threshold(parameters.get("ChampionTolerance")),
        values.number(material.gate.get("behind_champion")),
    )


def metrics(material: Material, model: str) -> dict[str, float]:
    """Return the metrics of "candidate", "baseline" or "champion" by name."""
    given = values.mapping(values.mapping(material.details.get("models")).get(model))
    if not given and model == "candidate":
        given = {name: values.mapping(entry).get("value") for name, entry in _registry(material).items()}
    return {name: found for name, value in given.items() if (found := values.number(value)) is not None}


def curves(material: Material) -> list[Curve]:
    """Return the ROC curves that there are, the candidate's first."""
    given = values.mapping(material.details.get("roc"))
    by_model = {model: values.mapping(given.get(model)) for model in ("candidate", "baseline", "champion")}
    if not by_model["candidate"]:
        by_model["candidate"] = values.mapping(_registry(material).get("receiver_operating_characteristic_curve"))
    found = []
    for model, curve in by_model.items():
        rates = [values.numbers(curve.get(key)) for key in _RATES]
        if rates[0] and len(rates[0]) == len(rates[1]):
            found.append(Curve(model, rates[0], rates[1], metrics(material, model).get("auc")))
    return found


def confusion(material: Material) -> tuple[list[str], list[list[float]]]:
    """Return class labels and the square matrix of counts, rows being what the rows of the data are."""
    matrix = material.details.get("confusion_matrix") or _registry(material).get("confusion_matrix")
    labels = [values.text(label) for label in values.items(material.details.get("labels"))]
    if isinstance(matrix, Mapping) and isinstance(matrix.get("candidate"), list | Mapping):
        matrix = matrix["candidate"]
    if isinstance(matrix, Mapping):
        return _from_mapping(matrix, labels)
    rows = [values.numbers_or_zero(row) for row in values.items(matrix)]
    if not rows or any(len(row) != len(rows) or min(row) < 0 for row in rows):
        return [], []
    return labels if len(labels) == len(rows) else [str(index) for index in range(len(rows))], rows


def pairs(material: Material) -> list[tuple[float, float]]:
    """Return (actual, predicted) values of the sampled test rows."""
    given = values.items(material.details.get("predicted_vs_actual"))[:_MOST_ROWS]
    found = (values.numbers(pair) for pair in given if len(values.items(pair)) == 2)
    return [(pair[0], pair[1]) for pair in found if len(pair) == 2]


def residuals(material: Material) -> tuple[Sequence[float], Sequence[float]]:
    """Return edges and counts of the residuals' histogram, counted from the sampled rows when it was not given."""
    given = values.mapping(material.details.get("residual_histogram"))
    edges, counts = values.numbers(given.get("edges")), values.numbers(given.get("counts"))
    if len(edges) == len(counts) + 1 > 1 and min(counts) >= 0:
        return edges, counts
    return residual_histogram(pairs(material))


def importance(material: Material) -> list[tuple[str, float]]:
    """Return feature names with their share in the gain of all splits, the greatest first."""
    found = [
        (values.text(entry.get("feature")), values.number(entry.get("gain")))
        for entry in values.mappings(material.details.get("importance"))
    ]
    return sorted([(name, gain) for name, gain in found if gain is not None and gain >= 0], key=lambda entry: -entry[1])


def _threshold(parameter: object) -> float | None:
    """Return a parameter's number; the service hands parameters out as text."""
    try:
        return values.number(float(parameter) if isinstance(parameter, str) else parameter)
    except ValueError:
        return None


def _registry(material: Material) -> Mapping[str, Any]:
    return next((group for key in _GROUPS if (group := values.mapping(material.evaluation.get(key)))), {})


def _from_mapping(matrix: Mapping[str, Any], labels: list[str]) -> tuple[list[str], list[list[float]]]:
    keys = sorted(matrix, key=int) if all(key.isdecimal() and len(key) < 9 for key in matrix) else list(matrix)
    rows = [
        [max(values.number(values.mapping(matrix[row]).get(column)) or 0.0, 0.0) for column in keys] for row in keys
    ]
    return labels if len(labels) == len(keys) else keys, rows
