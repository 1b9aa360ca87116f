"""A binary problem's scores and what is made of them: precision and recall, thresholds, gain, calibration."""

from __future__ import annotations

from cli.report import judgement, values
from cli.report.charts.calibration import calibration
from cli.report.charts.curves import Frame, Line, curves
from cli.report.markup import Html, tag
from cli.report.material import Material
from cli.report.wording import figure, score, share

_RULES = {
    "half": "one half",
    "accuracy": "the most accurate on the validation rows",
    "f1": "the best for F1 on the validation rows",
    "balanced_accuracy": "the best for both classes alike on the validation rows",
    "cost": "the least costly on the validation rows",
}


def precision_recall(material: Material) -> Html | None:
    """Draw precision over recall of every model."""
    frame = Frame("Precision and recall", "Recall", "Precision", "Precision over recall, over all thresholds.")
    return curves(
        "precision-recall", frame, judgement.lines(material, "precision_recall", "recalls", "precisions", "average")
    )


def thresholds(material: Material) -> Html | None:
    """Draw what another threshold would give: the cost where errors cost something, else precision, recall and F1."""
    decision = values.mapping(material.details.get("decision"))
    mark = values.number(decision.get("threshold"))
    costs = judgement.by_threshold(material, "cost")
    note = _note(decision, mark)
    if costs:
        frame = Frame(
            "Cost by threshold", "Threshold", "Cost of a row", "What errors cost, by threshold.", y_range=None
        )
        spent = values.number(values.mapping(material.details.get("cost")).get("candidate"))
        told = None if spent is None else tag("p", f"With it, errors cost {figure(spent)} for each row.", class_="note")
        return curves("thresholds", _marked(frame, mark), [Line("candidate", "Cost", costs)], note, told)
    kinds = (("first", "Precision", "precision"), ("second", "Recall", "recall"), ("third", "F1", "f1"))
    lines = [Line(kind, name, judgement.by_threshold(material, field)) for kind, name, field in kinds]
    frame = Frame("By threshold", "Threshold", "Share", "Precision, recall and F1 by threshold.")
    return curves("thresholds", _marked(frame, mark), lines, note)


def gains(material: Material) -> Html | None:
    """Draw what share of the positives is among the rows with the highest scores."""
    lines = judgement.lines(material, "gain", "rows", "found")
    frame = Frame(
        "Gain",
        "Share of rows, highest scores first",
        "Share of positives found",
        "What share of the positives is among the highest scores; the diagonal is what guessing gives.",
        reference=[(0, 0), (1, 1)],
    )
    found = next((y for x, y in lines[0].points if x >= 0.1), None) if lines else None
    lift = None
    if found is not None:
        told = f"A tenth of the rows, by score, holds {share(found, 1)} of the positives: a lift of {found / 0.1:.1f}."
        lift = tag("p", told, class_="note")
    return curves("gain", frame, lines, lift)


def calibrated(material: Material) -> Html | None:
    """Draw how honest scores are."""
    bins, error = judgement.calibration(material)
    told = "" if error is None else f" On average, scores are {100 * error:.1f} points off."
    note = f"Bars are 95 % intervals; on the dashed line a score is what it says.{told}"
    return calibration("calibration", bins, tag("p", note, class_="note"))


def _marked(frame: Frame, mark: float | None) -> Frame:
    return Frame(
        frame.heading, frame.x, frame.y, frame.description, frame.x_range, frame.y_range, frame.reference, mark
    )


def _note(decision: object, mark: float | None) -> Html | None:
    if mark is None:
        return None
    given = values.mapping(decision)
    rule = _RULES.get(values.text(given.get("rule")), "")
    if not values.count(given.get("rows")) and rule and values.text(given.get("rule")) != "half":
        rule = "chosen by theory: there were too few validation rows to choose it on"
    return tag("p", f"The model decides at {score(mark)}{f': {rule}' if rule else ''}.", class_="note")
