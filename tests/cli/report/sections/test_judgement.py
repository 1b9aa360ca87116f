"""The sections about how a model is judged, on what Evaluate really writes and on what nobody should."""

from __future__ import annotations

from typing import Any

import pytest

from cli.report.markup import Html
from cli.report.sections.evaluation import evaluation
from cli.report.sections.explanation import explanation
from cli.report.sections.gate import gate
from cli.report.sections.slices import slices
from tests.cli.report import examples
from tests.cli.report.examples import Page, material

SURE = {"low": 0.91, "high": 0.98, "standard_deviation": 0.02}
JUDGED: dict[str, Any] = {
    **examples.BINARY,
    "models": {**examples.BINARY["models"], "champion": {"auc": 0.955, "log_loss": 0.1}},
    "intervals": {"candidate": {"auc": SURE}},
    "better_by": {
        "baseline": {"auc": {"low": 0.01, "high": 0.03}, "log_loss": {"low": 0.05, "high": 0.2}},
        "champion": {"auc": {"low": -0.02, "high": 0.01}, "log_loss": {"low": -0.2, "high": -0.05}},
    },
    "cautions": ["There are only 60 test rows."],
    "precision_recall": {"candidate": {"precisions": [1, 0.5], "recalls": [0.5, 1], "average": 0.75}},
    "gain": {"candidate": {"rows": [0, 0.1, 1], "found": [0, 0.4, 1]}},
    "calibration": {
        "bins": [{"score": 0.2, "share": 0.25, "low": 0.1, "high": 0.4, "rows": 30}],
        "error": 0.05,
        "brier": 0.1,
    },
    "by_threshold": {"threshold": [0, 0.5, 1], "precision": [0.3, 0.8, 0], "recall": [1, 0.7, 0], "f1": [0.5, 0.7, 0]},
    "decision": {"threshold": 0.5, "rule": "f1", "rows": 60, "costs": None},
    "slices": [
        {
            "column": "garden",
            "groups": [
                {"group": "north", "rows": 45, "uncertain": "", "auc": 0.9, "low": 0.8, "high": 0.95, "base_rate": 0.3},
                {"group": "south", "rows": 15, "uncertain": "15 rows", "auc": 0.5, "selection_rate": 0.2},
            ],
            "disparities": [
                {"name": "Parity", "definition": "how", "value": 0.31, "lowest": "north", "highest": "south"}
            ],
        }
    ],
    "explanations": {
        "columns": [{"column": "petal", "gain": 0.9}, {"column": "garden", "gain": 0.1}],
        "permutation": [{"column": "petal", "mean": 0.3, "standard_deviation": 0.01}],
        "shap": {"unit": "log-odds", "dots": [{"column": "petal", "contributions": [1, -1], "ranks": [0, 1]}]},
    },
}
GATE = {**examples.GATE, "champion": 0.955, "behind_champion": 0.005}


def text(section: Html | None) -> str:
    assert section is not None
    return " ".join(Page(section).text.split())


def test_the_gate_tells_what_is_sure_from_what_may_be_chance() -> None:
    shown = text(gate(material(details=JUDGED, gate=GATE)))
    assert "There are only 60 test rows." in shown
    assert "0.9100 to 0.9800" in shown
    assert "Beside the approved model" in shown
    assert "AUC 0.950 0.955 −0.005 ≈ within chance" in shown.replace("0.9500", "0.950").replace("0.9550", "0.955")
    assert "▼ worse" in shown, "the log loss is surely worse than the approved model's"
    assert "▲ better" in shown


@pytest.mark.parametrize(("tolerance", "stopped"), [("0.0", True), (0.004, True), (0.005, False)])
def test_the_gate_says_when_the_approved_model_is_better(tolerance: object, stopped: bool) -> None:
    parameters = {"MetricThreshold": 0.9, "ChampionTolerance": tolerance}
    shown = text(gate(material(details=JUDGED, gate=GATE, execution=examples.execution(parameters=parameters))))
    assert ("passed, and stopped as worse than the approved model" in shown) == stopped


def test_curves_of_a_binary_problem_are_drawn_with_the_threshold_in_use() -> None:
    page = Page(evaluation(material(details=JUDGED)) or "")
    assert page.ids() >= {"precision-recall-title", "thresholds-title", "gain-title", "calibration-title"}
    shown = " ".join(page.text.split())
    assert "The model decides at 0.5000: the best for F1 on the validation rows." in shown
    assert "holds 40 % of the positives: a lift of 4.0." in shown
    assert "On average, scores are 5.0 points off." in shown


def test_where_errors_cost_something_the_cost_is_drawn() -> None:
    costs = {"threshold": [0, 0.5, 1], "cost": [3, 1, 2]}
    decision = {"threshold": 0.2, "rule": "cost", "rows": 0}
    shown = text(
        evaluation(
            material(details={**JUDGED, "by_threshold": costs, "decision": decision, "cost": {"candidate": 1.5}})
        )
    )
    assert "chosen by theory: there were too few validation rows" in shown
    assert "errors cost 1.5 for each row" in shown


def test_groups_are_listed_with_what_is_uncertain_and_how_far_they_are_apart() -> None:
    shown = text(slices(material(details=JUDGED)))
    assert "AUC by garden" in shown
    assert "south uncertain: 15 rows 15" in shown
    assert "Parity how 0.3100 north → south" in shown
    assert slices(material()) is None


def test_columns_come_before_features() -> None:
    shown = text(explanation(material(details=JUDGED)))
    assert "Column importance" in shown
    assert "petal 90 %" in shown
    assert "AUC lost without it petal 0.3 ± 0.01" in shown
    assert "petal width" not in shown, "a feature"


@pytest.mark.parametrize("broken", [None, 3, "text", [], [None, 3], {"candidate": 3}, [{"column": {}, "groups": 3}]])
@pytest.mark.parametrize(
    "field",
    ["intervals", "better_by", "cautions", "precision_recall", "gain", "calibration", "by_threshold", "decision",
     "slices", "explanations", "error_by_quantile"],
)  # fmt: skip
def test_whatever_is_not_as_expected_is_left_out(field: str, broken: object) -> None:
    known = material(details={**JUDGED, field: broken}, gate=GATE)
    for build in (gate, evaluation, slices, explanation):
        found = build(known)
        if found is not None:
            Page(found)
