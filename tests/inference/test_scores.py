from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
from sklearn import metrics

from cli.report import wording
from config import metrics as known
from inference.scores import LOWER_IS_BETTER, METRICS, score


def draws(count: int = 500) -> tuple[np.random.Generator, int]:
    return np.random.default_rng(5), count


def test_binary_metrics_are_scikit_learns() -> None:
    random, count = draws()
    truth = random.integers(0, 2, count)
    scores = np.round(np.clip(truth * 0.3 + random.random(count) * 0.7, 0, 1), 2).astype(np.float32)
    found = score("binary", truth, scores)
    predicted = scores >= 0.5
    assert found == pytest.approx(
        {
            "accuracy": metrics.accuracy_score(truth, predicted),
            "precision": metrics.precision_score(truth, predicted),
            "recall": metrics.recall_score(truth, predicted),
            "f1": metrics.f1_score(truth, predicted),
            "auc": metrics.roc_auc_score(truth, scores),
            "log_loss": metrics.log_loss(truth, scores.astype(np.float64)),
        },
        abs=1e-6,
    )
    assert set(found) == set(METRICS["binary"])


def test_multiclass_metrics_are_scikit_learns() -> None:
    random, count = draws()
    truth = random.integers(0, 4, count)
    raw = random.random((count, 4)) + np.eye(4)[truth]
    scores = (raw / raw.sum(axis=1, keepdims=True)).astype(np.float32)
    found = score("multiclass", truth, scores)
    predicted = scores.argmax(axis=1)
    assert found == pytest.approx(
        {
            "accuracy": metrics.accuracy_score(truth, predicted),
            "f1_macro": metrics.f1_score(truth, predicted, average="macro"),
            "log_loss": metrics.log_loss(truth, scores / scores.sum(axis=1, keepdims=True)),
        },
        abs=1e-6,
    )
    assert set(found) == set(METRICS["multiclass"])


def test_regression_metrics_are_scikit_learns() -> None:
    random, count = draws()
    truth = random.normal(size=count)
    predicted = truth + random.normal(size=count)
    assert score("regression", truth, predicted) == pytest.approx(
        {
            "rmse": metrics.root_mean_squared_error(truth, predicted),
            "mae": metrics.mean_absolute_error(truth, predicted),
            "r2": metrics.r2_score(truth, predicted),
        }
    )


def test_metrics_that_are_not_defined_are_left_out() -> None:
    assert "auc" not in score("binary", np.ones(5), np.full(5, 0.9))
    assert "r2" not in score("regression", np.ones(5), np.arange(5))


def test_certain_mistakes_keep_the_log_loss_finite() -> None:
    assert np.isfinite(score("binary", np.array([1, 0]), np.array([0.0, 1.0]))["log_loss"])


def test_lower_is_better_names_metrics_that_exist() -> None:
    assert {name for names in METRICS.values() for name in names} >= LOWER_IS_BETTER


def test_problems_can_ask_for_exactly_the_metrics_that_are_measured() -> None:
    # The two may not import each other: problems are read where nothing is served, and models served without them.
    assert METRICS == known.METRICS
    assert LOWER_IS_BETTER == known.LOWER_IS_BETTER
    assert set(get_args(known.Metric)) == {name for names in METRICS.values() for name in names}
    assert set(get_args(known.Kind)) == {*METRICS, "auto"}
    assert wording.LOWER_IS_BETTER >= LOWER_IS_BETTER
