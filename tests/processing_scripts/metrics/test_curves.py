from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from processing_scripts.metrics.confusion import confusion
from processing_scripts.metrics.curves import MOST_POINTS, roc


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


def test_one_class_has_no_curve() -> None:
    assert roc(np.ones(3, dtype=np.int64), np.ones(3, dtype=np.float32))["true_positive_rates"] == []


def test_the_confusion_matrix_is_scikit_learns() -> None:
    random = np.random.default_rng(3)
    truth, predicted = random.integers(0, 4, (2, 200))
    assert confusion(truth, predicted, 4) == metrics.confusion_matrix(truth, predicted).tolist()
