from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from sklearn import metrics

from inference.job import JobError
from processing_scripts.metrics.bias import bias_report
from processing_scripts.metrics.judged import Judged
from processing_scripts.metrics.slices import slices

Make = Callable[[str], Judged]


def test_each_group_is_measured_as_scikit_learn_measures_it(judged: Make) -> None:
    model = judged("binary")
    (found,) = slices(["sex"], "auc", model)
    assert [each["group"] for each in found["groups"]][-1] == "x", "the smallest group comes last"
    predicted = np.asarray(model.candidate.predicted)
    for each in found["groups"]:
        rows = np.array([row["sex"] == each["group"] for row in model.rows])
        truth, called = model.truth[rows], predicted[rows]
        no, false_yes, _, _ = metrics.confusion_matrix(truth, called, labels=[0, 1]).ravel()
        assert each["rows"] == rows.sum()
        assert each["auc"] == pytest.approx(metrics.roc_auc_score(truth, model.candidate.values[rows]))
        assert each["true_positive_rate"] == pytest.approx(metrics.recall_score(truth, called))
        assert each["false_positive_rate"] == pytest.approx(false_yes / (false_yes + no))
        assert each["selection_rate"] == pytest.approx(called.mean())
        assert each["low"] <= each["auc"] <= each["high"]


def test_the_smallest_group_is_uncertain_and_takes_no_part_in_disparities(judged: Make) -> None:
    (found,) = slices(["sex"], "auc", judged("binary"))
    by_name = {each["group"]: each for each in found["groups"]}
    assert by_name["x"]["uncertain"] == f"{by_name['x']['rows']} rows"
    assert by_name["f"]["uncertain"] == by_name["m"]["uncertain"] == ""
    shown = {each["name"]: each for each in found["disparities"]}
    parity = shown["Demographic parity difference"]
    rates = {name: by_name[name]["selection_rate"] for name in "fm"}
    assert parity["value"] == pytest.approx(max(rates.values()) - min(rates.values()))
    assert {parity["lowest"], parity["highest"]} == {"f", "m"}
    assert shown["Disparate impact ratio"]["value"] == pytest.approx(min(rates.values()) / max(rates.values()))
    odds = [abs(by_name["f"][rate] - by_name["m"][rate]) for rate in ("true_positive_rate", "false_positive_rate")]
    assert shown["Equalized odds difference"]["value"] == pytest.approx(max(odds))
    assert shown["Equal opportunity difference"]["value"] == pytest.approx(odds[0])


def test_numbers_are_measured_by_their_errors(judged: Make) -> None:
    model = judged("regression")
    (found,) = slices(["colour"], "rmse", model)
    for each in found["groups"]:
        rows = np.array([row["colour"] == each["group"] for row in model.rows])
        assert each["mae"] == pytest.approx(
            metrics.mean_absolute_error(model.truth[rows], model.candidate.values[rows])
        )
    assert {each["name"] for each in found["disparities"]} <= {"Error difference", "Mean residual difference"}


def test_several_classes_are_too(judged: Make) -> None:
    (found,) = slices(["size"], "accuracy", judged("multiclass"))
    assert len(found["groups"]) == 4
    assert all(0 <= each["accuracy"] <= 1 for each in found["groups"])


def test_personal_values_are_not_shown(judged: Make) -> None:
    model = judged("binary")
    masked = replace(model, features=replace(model.features, personal=("sex",)))
    (found,) = slices(["sex"], "auc", masked)
    assert [each["group"] for each in found["groups"]] == ["group 1", "group 2", "group 3"]


def test_a_column_that_there_is_not_is_named(judged: Make) -> None:
    with pytest.raises(JobError, match=r"evaluation\.slices names age, which the data does not have; it has size, col"):
        slices(["age"], "auc", judged("binary"))


def test_the_registrys_bias_report_holds_each_group_against_all_others(judged: Make) -> None:
    model = judged("binary")
    section = bias_report(["sex"], model)["post_training_bias_metrics"]
    assert (section["label"], section["label_value_or_threshold"]) == ("y", str(model.features.positive))
    called = np.asarray(model.candidate.predicted == 1)
    for facet in section["facets"]["sex"]:
        own = np.array([row["sex"] == facet["value_or_threshold"] for row in model.rows])
        values = {each["name"]: each["value"] for each in facet["metrics"]}
        assert values["DPPL"] == pytest.approx(called[~own].mean() - called[own].mean())
        assert values["DI"] == pytest.approx(called[own].mean() / called[~own].mean())
        recall = [metrics.recall_score(model.truth[rows], called[rows]) for rows in (~own, own)]
        assert values["RD"] == pytest.approx(recall[0] - recall[1])
        right = [metrics.accuracy_score(model.truth[rows], called[rows]) for rows in (~own, own)]
        assert values["AD"] == pytest.approx(right[0] - right[1])
