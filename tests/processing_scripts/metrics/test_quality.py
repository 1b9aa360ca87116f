"""The registry's statistics: Model Monitor's names, scikit-learn's values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from sklearn import metrics
from sklearn.dummy import DummyClassifier

from processing_scripts.metrics.comparison import compare
from processing_scripts.metrics.judged import Judged
from processing_scripts.metrics.quality import registry_form

Make = Callable[[str], Judged]
BETAS = {"f0_5": 0.5, "f1": 1.0, "f2": 2.0}


def form(model: Judged) -> dict[str, Any]:
    found = registry_form(model, compare(model.features.kind, model.truth, model.models, 7))
    assert found["version"] == 0.0
    assert found["dataset"] == {"item_count": model.truth.size}
    (group,) = (value for name, value in found.items() if name.endswith("_metrics"))
    return dict(group)


def constant(truth: np.ndarray[tuple[int], np.dtype[np.float32]]) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    rows = np.zeros((truth.size, 1))
    return np.asarray(DummyClassifier(strategy="most_frequent").fit(rows, truth).predict(rows))


def test_two_classes_are_measured_as_scikit_learn_does(judged: Make) -> None:
    model = judged("binary")
    found = form(model)
    truth, called = model.truth, model.candidate.predicted
    no, false_yes, false_no, yes = metrics.confusion_matrix(truth, called).ravel()
    assert found["true_positive_rate"]["value"] == pytest.approx(yes / (yes + false_no))
    assert found["false_negative_rate"]["value"] == pytest.approx(false_no / (yes + false_no))
    assert found["true_negative_rate"]["value"] == pytest.approx(no / (no + false_yes))
    assert found["false_positive_rate"]["value"] == pytest.approx(false_yes / (no + false_yes))
    always = constant(truth)
    for name, beta in BETAS.items():
        assert found[name]["value"] == pytest.approx(metrics.fbeta_score(truth, called, beta=beta))
        assert found[f"{name}_best_constant_classifier"]["value"] == pytest.approx(
            metrics.fbeta_score(truth, always, beta=beta, zero_division=0)
        )
    assert found["accuracy_best_constant_classifier"]["value"] == pytest.approx(metrics.accuracy_score(truth, always))
    assert found["auc"]["standard_deviation"] > 0
    assert found["confusion_matrix"]["1"] == {"0": false_no, "1": yes}
    assert found["precision_recall_curve"].keys() == {"precisions", "recalls"}


def test_several_classes_are_weighted_as_scikit_learn_does(judged: Make) -> None:
    model = judged("multiclass")
    found = form(model)
    truth, called = model.truth, model.candidate.predicted
    for predicted, suffix in ((called, ""), (constant(truth), "_best_constant_classifier")):
        for name, beta in BETAS.items():
            expected = metrics.fbeta_score(truth, predicted, beta=beta, average="weighted", zero_division=0)
            assert found[f"weighted_{name}{suffix}"]["value"] == pytest.approx(expected)
        expected = metrics.precision_score(truth, predicted, average="weighted", zero_division=0)
        assert found[f"weighted_precision{suffix}"]["value"] == pytest.approx(expected)
        expected = metrics.recall_score(truth, predicted, average="weighted")
        assert found[f"weighted_recall{suffix}"]["value"] == pytest.approx(expected)


def test_numbers_have_the_four_measures(judged: Make) -> None:
    found = form(judged("regression"))
    assert found.keys() == {"mae", "mse", "rmse", "r2"}
    assert found["mse"]["value"] == pytest.approx(found["rmse"]["value"] ** 2)
