from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from sklearn import metrics

from processing_scripts.metrics import archives
from processing_scripts.metrics.comparison import compare
from processing_scripts.metrics.details import details
from processing_scripts.metrics.judged import Judged

Make = Callable[[str], Judged]


def test_levels_of_a_personal_column_are_nowhere_in_what_the_report_draws(judged: Make) -> None:
    model = judged("binary")
    assert model.archive is not None
    importance = archives.importance(model.archive)
    assert any(name.startswith("colour=red") for name, _ in importance)
    masked = replace(model, features=replace(model.features, personal=("colour",)))
    found = details("auc", masked, compare("binary", model.truth, model.models, 7), importance)
    assert "colour=•••" in {each["feature"] for each in found["importance"]}
    assert not re.search(r"\b(red|green|blue)\b", json.dumps(found))


def test_each_class_is_measured_as_scikit_learn_measures_it(judged: Make) -> None:
    model = judged("multiclass")
    found = details("accuracy", model, compare("multiclass", model.truth, model.models, 7), [])
    predicted = model.candidate.predicted
    precision, recall, f1, rows = metrics.precision_recall_fscore_support(model.truth, predicted)
    for place, each in enumerate(found["classes"]):
        assert each["label"] == model.features.labels[place]
        assert (each["rows"], each["precision"]) == (rows[place], pytest.approx(precision[place]))
        assert (each["recall"], each["f1"]) == (pytest.approx(recall[place]), pytest.approx(f1[place]))
        assert each["recall_low"] < each["recall"] <= each["recall_high"]


def test_where_errors_cost_something_every_models_cost_is_told(judged: Make) -> None:
    model = judged("binary")
    costs = {"false_positive": 1.0, "false_negative": 10.0}
    decided = replace(model, manifest={"decision": {"threshold": 0.5, "rule": "cost", "rows": 160, "costs": costs}})
    found = details("auc", decided, compare("binary", model.truth, model.models, 7), [])
    _, false_yes, false_no, _ = metrics.confusion_matrix(model.truth, model.candidate.predicted).ravel()
    assert found["cost"]["candidate"] == pytest.approx((false_yes + 10 * false_no) / model.truth.size)
    assert found["cost"].keys() == {"candidate", "baseline"}
    assert len(found["by_threshold"]["cost"]) == 101
