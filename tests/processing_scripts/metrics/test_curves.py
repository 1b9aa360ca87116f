from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn import metrics

from processing_scripts.metrics.confusion import confusion
from processing_scripts.metrics.curves import (
    MOST_POINTS,
    average_precision,
    by_threshold,
    calibration,
    gain,
    mean_cost,
    precision_recall,
    roc,
    wilson,
)


def test_a_short_curve_is_scikit_learns() -> None:
    random = np.random.default_rng(1)
    truth = random.integers(0, 2, 80)
    scores = np.round(random.random(80), 1).astype(np.float32)
    false, true, _ = metrics.roc_curve(truth, scores, drop_intermediate=False)
    found = roc(truth, scores)
    assert found["false_positive_rates"] == pytest.approx(false.tolist())
    assert found["true_positive_rates"] == pytest.approx(true.tolist())


def test_a_long_curve_is_thinned_and_keeps_its_ends_and_its_area() -> None:
    random = np.random.default_rng(2)
    truth = random.integers(0, 2, 20_000)
    scores = (truth + random.normal(size=20_000)).astype(np.float32)
    found = roc(truth, scores)
    false, true = found["false_positive_rates"], found["true_positive_rates"]
    assert len(false) == len(true) <= MOST_POINTS
    assert (false[0], true[0], false[-1], true[-1]) == (0, 0, 1, 1)
    assert float(np.trapezoid(true, false)) == pytest.approx(metrics.roc_auc_score(truth, scores), abs=1e-3)


def noisy(rows: int = 300) -> tuple[Any, Any]:
    random = np.random.default_rng(6)
    truth = (random.random(rows) < 0.3).astype(np.int64)
    return truth, np.round(np.clip(0.3 + 0.2 * truth + 0.2 * random.normal(size=rows), 0, 1), 2)


def test_precision_over_recall_is_scikit_learns() -> None:
    truth, scores = noisy()
    precision, recall, _ = metrics.precision_recall_curve(truth, scores)
    found = precision_recall(truth, scores)
    # Theirs runs from the loosest threshold, and ends in a point that no threshold gives.
    assert found["precisions"] == pytest.approx(precision[:-1][::-1].tolist())
    assert found["recalls"] == pytest.approx(recall[:-1][::-1].tolist())
    assert average_precision(truth, scores) == pytest.approx(metrics.average_precision_score(truth, scores))


def test_a_long_curve_of_precision_keeps_its_ends() -> None:
    truth, _ = noisy(20_000)
    scores = truth + np.random.default_rng(1).normal(size=20_000)
    found = precision_recall(truth, scores)
    assert len(found["recalls"]) <= MOST_POINTS
    assert found["recalls"][-1] == 1
    assert found["precisions"][-1] == pytest.approx(truth.mean())


def test_gain_runs_from_nothing_to_everything_above_the_diagonal() -> None:
    truth, scores = noisy()
    found = gain(truth, scores)
    assert (found["rows"][0], found["found"][0], found["rows"][-1], found["found"][-1]) == (0, 0, 1, 1)
    order = np.argsort(-scores, kind="stable")
    called = int(np.sum(scores >= 0.5))
    place = min(range(len(found["rows"])), key=lambda at: abs(found["rows"][at] - called / truth.size))
    assert found["found"][place] == pytest.approx(truth[order][:called].sum() / truth.sum())


def test_calibration_counts_every_row_once_and_honest_scores_are_on_the_diagonal() -> None:
    random = np.random.default_rng(8)
    scores = random.random(20_000)
    truth = (random.random(20_000) < scores).astype(np.int64)
    found = calibration(truth, scores)
    assert sum(each["rows"] for each in found["bins"]) == 20_000
    assert sum(each["low"] <= each["score"] <= each["high"] for each in found["bins"]) >= 8
    assert found["error"] < 0.02
    assert found["brier"] == pytest.approx(metrics.brier_score_loss(truth, scores))
    assert calibration(truth, scores**3)["error"] > 0.1


def test_measures_by_threshold_are_scikit_learns() -> None:
    truth, scores = noisy()
    found = by_threshold(truth, scores, (1.0, 5.0))
    for place in (0, 30, 45, 80, 100):
        called = scores >= found["threshold"][place]
        precision, recall, f1, _ = metrics.precision_recall_fscore_support(
            truth, called, average="binary", zero_division=0
        )
        assert (found["precision"][place], found["recall"][place]) == pytest.approx((precision, recall))
        assert found["f1"][place] == pytest.approx(f1)
        _, false_yes, false_no, _ = metrics.confusion_matrix(truth, called, labels=[0, 1]).ravel()
        assert found["cost"][place] == pytest.approx((false_yes + 5 * false_no) / truth.size)
    assert "cost" not in by_threshold(truth, scores, None)


def test_an_error_costs_what_was_said() -> None:
    actual, called = np.array([True, True, False, False]), np.array([True, False, True, True])
    assert mean_cost(actual, called, (1.0, 10.0)) == 3.0


@pytest.mark.parametrize(
    ("hits", "rows", "low", "high"),
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (5, 10, 0.2366, 0.7634), (81, 263, 0.2553, 0.3662)],
)
def test_the_interval_of_a_share_is_wilsons(hits: int, rows: int, low: float, high: float) -> None:
    assert wilson(hits, rows) == pytest.approx((low, high), abs=1e-4)


def test_one_class_has_no_curve() -> None:
    assert roc(np.ones(3, dtype=np.int64), np.ones(3, dtype=np.float32))["true_positive_rates"] == []


def test_the_confusion_matrix_is_scikit_learns() -> None:
    random = np.random.default_rng(3)
    truth, predicted = random.integers(0, 4, (2, 200))
    assert confusion(truth, predicted, 4) == metrics.confusion_matrix(truth, predicted).tolist()
