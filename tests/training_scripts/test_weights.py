from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.metrics import log_loss as sklearn_log_loss
from sklearn.utils.class_weight import compute_sample_weight

from inference.columns import Numeric
from inference.features import Features
from inference.job import JobError
from training_scripts.weights import log_loss, weighed, weighing

COLUMN = Numeric("size", median=0.0, low=-9.0, high=9.0, mean=0.0, deviation=1.0)
LABELS = np.array([0] * 90 + [1] * 8 + [2] * 2, dtype=np.float32)


def features(*labels: str) -> Features:
    return Features("multiclass" if labels else "regression", "y", "", labels, (COLUMN,), frozenset(), "", 7)


def weights(labels: Any, of: Any = LABELS, **more: Any) -> Any:
    return weighing(features("a", "b", "c"), labels, **more)(of)


def test_a_balance_of_one_is_scikit_learns() -> None:
    found = weights(LABELS, chosen={"class_balance": 1})
    np.testing.assert_allclose(found, compute_sample_weight("balanced", LABELS), rtol=1e-6)


def test_a_balance_between_is_a_root() -> None:
    found = weights(LABELS, chosen={"class_balance": 0.5})
    np.testing.assert_allclose(found, compute_sample_weight("balanced", LABELS) ** 0.5, rtol=1e-6)


def test_without_a_balance_nothing_is_weighed() -> None:
    assert weights(LABELS, chosen={}) is None
    assert weighing(features(), LABELS, {"class_balance": 0})(LABELS) is None


def test_counts_are_those_of_all_hosts_together() -> None:
    one = weights(LABELS, chosen={"class_balance": 1})
    half = weights(LABELS[::2], chosen={"class_balance": 1}, total=lambda count: count * 2)
    np.testing.assert_allclose(one, half)


def test_a_number_has_no_classes_to_weigh() -> None:
    with pytest.raises(JobError, match="class_balance weighs classes"):
        weighing(features(), LABELS, {"class_balance": 1})


def test_positive_rows_count_for_as_much_as_the_problem_says() -> None:
    labels = np.array([0] * 90 + [1] * 10, dtype=np.float32)
    binary = Features("binary", "y", "", ("no", "yes"), (COLUMN,), frozenset(), "", 7)
    assert weighed(binary, labels, {})(labels) is None
    found = weighed(binary, labels, {"scale_pos_weight": 9})(labels)
    assert found is not None
    assert found[[0, -1]].tolist() == [1, 9]
    both = weighed(binary, labels, {"scale_pos_weight": 2, "class_balance": 1})(labels)
    assert both is not None
    np.testing.assert_allclose(both, np.where(labels == 1, 2, 1) * compute_sample_weight("balanced", labels), rtol=1e-6)


def test_losses_are_counted_by_weight() -> None:
    labels, counts = np.array([0, 1, 1], dtype=np.float32), np.array([1, 2, 3], dtype=np.float32)
    scores = np.array([0.2, 0.9, 0.4], dtype=np.float32)
    expected = sklearn_log_loss(labels, scores, sample_weight=counts)
    assert log_loss(labels, scores, counts) == pytest.approx(expected, rel=1e-6)
    assert log_loss(labels, np.column_stack([1 - scores, scores]), counts) == pytest.approx(expected, rel=1e-6)
