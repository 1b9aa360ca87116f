from __future__ import annotations

import re

import pytest

from config.metrics import METRICS, kinds
from pipeline import metrics


@pytest.mark.parametrize(
    ("kind", "metric", "found"),
    [
        ("binary", "auc", ["binary"]),
        ("regression", "mae", ["regression"]),
        ("auto", "f1_macro", ["multiclass"]),
        ("auto", "rmse", ["regression"]),
        ("auto", "accuracy", ["binary", "multiclass"]),
    ],
)
def test_a_problem_of_unknown_kind_is_one_that_knows_its_metric(kind: str, metric: str, found: list[str]) -> None:
    assert kinds(kind, metric) == found


@pytest.mark.parametrize("kind", list(METRICS))
def test_every_kind_has_fewer_metrics_than_a_job_may_define(kind: str) -> None:
    metric = METRICS[kind][0]
    lines = {**metrics.round_metric_lines(kind, metric), **metrics.final_metric_lines(kind, metric)}
    assert 0 < len(lines) <= 40


def test_lines_of_a_round_are_read_part_by_part() -> None:
    line = "[12] train-auc:0.99812 validation-auc:9.8e-01"
    found = {name: re.search(regex, line) for name, regex in metrics.round_metric_lines("binary", "auc").items()}
    values = {name: match[1] for name, match in found.items() if match}
    assert values == {"train:auc": "0.99812", "validation:auc": "9.8e-01"}


def test_lines_of_the_finished_model_are_not_taken_for_a_round() -> None:
    line = "validation:auc=0.98231"
    final = metrics.final_metric_lines("binary", "auc")
    match = re.search(final["final:auc"], line)
    assert match is not None
    assert match[1] == "0.98231"
    assert not any(re.search(regex, line) for regex in metrics.round_metric_lines("binary", "auc").values())


def test_f1_is_not_read_from_the_line_of_f1_macro() -> None:
    assert not re.search(metrics.final_metric_lines("binary", "f1")["final:f1"], "validation:f1_macro=0.5")
