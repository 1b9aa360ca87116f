"""What the sections say of a run, and what they leave out."""

from __future__ import annotations

from typing import Any

import pytest

from cli.report.markup import Html
from cli.report.material import Material
from cli.report.sections.data import data
from cli.report.sections.evaluation import evaluation
from cli.report.sections.explanation import explanation
from cli.report.sections.gate import gate
from cli.report.sections.parameters import image_differences, notes, parameters
from cli.report.sections.pipeline import pipeline
from cli.report.sections.places import places
from cli.report.sections.training import training
from tests.cli.report import examples
from tests.cli.report.examples import Page, material


def text(made: Html | None) -> str:
    assert made is not None
    return " ".join(Page(made).text.split())


@pytest.mark.parametrize(
    "section", [pipeline, gate, training, evaluation, data, parameters, places, image_differences, notes]
)
def test_a_section_with_nothing_to_show_is_left_out(section: Any) -> None:
    assert section(Material({}, {}, {}, {}, {})) is None


def test_the_table_of_steps_tells_cache_and_reason() -> None:
    shown = text(pipeline(material()))
    assert "Taken from the cache (execution old1)" in shown
    assert "Not in the cache The data differ." in shown
    assert "QualityGate took the other branch." in shown
    assert "Register Register the model RegisterModel Succeeded" in shown
    assert "emulated" in shown


def test_a_gate_that_passed_shows_value_threshold_and_baseline() -> None:
    shown = text(gate(material()))
    assert "Quality gate on AUC: passed Candidate 0.9500 Must be at least 0.9000 Baseline 0.9300" in shown
    assert "The baseline" not in shown


@pytest.mark.parametrize(
    ("given", "threshold", "verdict"),
    [
        ({"metric": "auc", "value": 0.9}, 0.9, "passed"),
        ({"metric": "auc", "value": 0.89999}, "0.9", "not passed"),
        ({"metric": "rmse", "value": 3, "threshold_direction": "at_most"}, 2.5, "not passed"),
        ({"metric": "rmse", "value": 2}, 2.5, "passed"),
        ({"metric": "auc", "value": 0.9}, None, "threshold not known"),
        ({"metric": "auc", "value": 0.9}, "much", "threshold not known"),
    ],
)
def test_the_verdict_follows_direction_and_threshold(given: dict[str, Any], threshold: Any, verdict: str) -> None:
    execution = examples.execution(parameters={"MetricThreshold": threshold})
    assert f": {verdict} Candidate" in text(gate(material(execution=execution, gate=given, details={})))


def test_values_close_to_the_threshold_are_not_rounded_onto_it() -> None:
    near = text(gate(material(gate={"metric": "auc", "value": 0.899996}, details={})))
    assert "not passed Candidate 0.899996 Must be at least 0.900000" in near


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"metric": "auc", "value": 0.9, "baseline": 0.95}, "The baseline is better than the candidate on AUC: 0.9500"),
        ({"metric": "rmse", "value": 3, "baseline": 2}, "The baseline is better than the candidate on RMSE: 2.0000"),
        ({"metric": "auc", "value": 0.9, "baseline": 0.9}, "The baseline is as good as the candidate on AUC: 0.9000"),
    ],
)
def test_a_baseline_that_does_the_job_is_said_plainly(given: dict[str, Any], sentence: str) -> None:
    assert sentence in text(gate(material(gate=given)))


def test_metrics_are_judged_by_their_direction() -> None:
    models = {
        "candidate": {"auc": 0.9, "log_loss": 0.2, "f1": 0.5},
        "baseline": {"auc": 0.8, "log_loss": 0.1, "f1": 0.5},
    }
    shown = text(gate(material(details={"models": models})))
    assert "AUC 0.9000 0.8000 +0.1 ▲ better" in shown
    assert "Log loss lower is better 0.2000 0.1000 +0.1 ▼ worse" in shown
    assert "F1 0.5000 0.5000 0 equal" in shown


def test_metrics_come_from_the_registry_form_when_there_are_no_details() -> None:
    registry = {
        "binary_classification_metrics": {
            "auc": {"value": 0.97},
            "confusion_matrix": {"0": {"0": 5, "1": 1}, "1": {"0": 2, "1": 7}},
            "receiver_operating_characteristic_curve": {
                "false_positive_rates": [0, 0.2, 1],
                "true_positive_rates": [0, 0.8, 1],
            },
        }
    }
    known = material(details={}, evaluation=registry)
    assert "AUC 0.9700 –" in text(gate(known))
    shown = text(evaluation(known))
    assert "0 taken for 1: 1 (16.7 %)" in shown
    assert "Candidate (area 0.9700)" in shown


def test_classes_of_the_registry_form_are_ordered_by_number() -> None:
    keys = sorted(str(index) for index in range(11))
    matrix = {row: {column: int(row == column) * (int(row) + 1) for column in keys} for row in keys}
    labels = [f"class {index}" for index in range(11)]
    shown = text(evaluation(material(details={"labels": labels, "confusion_matrix": matrix})))
    assert "class 10 taken for class 10: 11 (100 %)" in shown
    assert "class 2 taken for class 2: 3 (100 %)" in shown


def test_several_classes_are_listed_with_recall_precision_and_mistakes() -> None:
    shown = text(evaluation(material(details=examples.MULTICLASS)))
    assert "versicolor 10 90 % 81.8 %" in shown
    assert "Share of the class virginica versicolor 2 20 % versicolor virginica 1 10 %" in shown


def test_regression_shows_predictions_and_residuals() -> None:
    shown = text(evaluation(material(details=examples.REGRESSION)))
    assert "Predicted against actual" in shown
    assert "Left of the dashed line the prediction is too low (33 % of the rows)." in shown


def test_features_are_listed_with_their_share_in_the_gain() -> None:
    assert "Share of the gain petal width 86 % sepal width 14 %" in text(explanation(material()))


def test_only_metrics_reported_more_than_once_make_curves() -> None:
    shown = text(training(material()))
    assert "Train: Log loss" in shown
    assert "AUC" not in shown


def test_the_data_section_shows_splits_classes_columns_and_notes() -> None:
    shown = text(data(material()))
    for words in (
        "600 rows in 3 columns.",
        "Dropped the column planet: it is constant.",
        "Target: species",
        "no 400 (66.7 %)",
        "Train 480 (80 %)",
        "12 (2 %) 40 0.1 to 2.5, median 1.3",
        "north 75 %, south 25 %",
        "plant identifier 0 ≥ 500 Left out: its name says that it identifies rows.",
    ):
        assert words in shown


def test_parameters_places_and_differences_are_listed() -> None:
    known = material(execution=examples.execution(image_differences=["Python 3.11 in place of 3.12"]), notes=("Lost.",))
    assert "MetricThreshold 0.9" in text(parameters(known))
    shown = text(places(known))
    for words in (
        examples.TRAINED,
        "flowers-Train-4b7c",
        "sageline logs 4b7c0e1f9d2a Train",
        "model-package/sageline-flowers/3",
    ):
        assert words in shown
    assert "Register job" not in shown
    assert "Python 3.11 in place of 3.12" in text(image_differences(known))
    assert "Lost." in text(notes(known))
