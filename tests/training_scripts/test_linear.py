from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression, Ridge

from training_scripts import linear
from training_scripts.linear import logistic, ridge


def table(outputs: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    random = np.random.default_rng(outputs)
    features = random.normal(size=(300, 6))
    features[:, 5] = features[:, 4]
    return features, features @ random.normal(size=(6, outputs)) + random.normal(size=(300, outputs)) + 2.0


@pytest.mark.parametrize("penalty", [0.1, 10.0])
def test_ridge_is_scikit_learns(penalty: float) -> None:
    features, values = table(1)
    oracle = Ridge(alpha=penalty).fit(features, values[:, 0])
    found = ridge(features, values[:, 0], [5.0, penalty])[1]
    assert found.coefficients[0] == pytest.approx(oracle.coef_, abs=1e-9)
    assert found.intercepts[0] == pytest.approx(oracle.intercept_)


@pytest.mark.parametrize("penalty", [0.1, 10.0])
@pytest.mark.parametrize("most_for_newton", [0, 1_000])
def test_logistic_is_scikit_learns(penalty: float, most_for_newton: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linear, "_MOST_FOR_NEWTON", most_for_newton)
    features, values = table(1)
    classes = (values[:, 0] > 2).astype(np.int64)
    oracle = LogisticRegression(C=1 / penalty, tol=1e-8, max_iter=1000).fit(features, classes)
    found = logistic(features, classes, 1, [100.0, penalty])[1]
    assert found.coefficients[0] == pytest.approx(oracle.coef_[0], abs=5e-3)
    assert found.intercepts == pytest.approx(oracle.intercept_, abs=5e-3)


@pytest.mark.parametrize(("outputs", "most_for_newton"), [(1, 0), (1, 1_000), (3, 0)])
def test_rows_that_count_for_more_do_so_as_in_scikit_learn(
    outputs: int, most_for_newton: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linear, "_MOST_FOR_NEWTON", most_for_newton)
    features, values = table(outputs)
    classes = (values[:, 0] > 4).astype(np.int64) if outputs == 1 else values.argmax(axis=1)
    counts = np.array([1.0, 4.0, 0.5])[classes]
    oracle = LogisticRegression(C=1.0, tol=1e-8, max_iter=1000).fit(features, classes, sample_weight=counts)
    (found,) = logistic(features, classes, outputs, [1.0], counts)
    assert found.coefficients == pytest.approx(oracle.coef_, abs=5e-3)


def test_multinomial_is_scikit_learns() -> None:
    features, values = table(4)
    classes = values.argmax(axis=1)
    oracle = LogisticRegression(C=0.1, tol=1e-8, max_iter=1000).fit(features, classes)
    found = logistic(features, classes, 4, [10.0])[0]
    margins = features @ found.coefficients.T + found.intercepts
    raised = np.exp(margins - margins.max(axis=1, keepdims=True))
    assert raised / raised.sum(axis=1, keepdims=True) == pytest.approx(oracle.predict_proba(features), abs=2e-3)


def test_classes_that_a_line_separates_stay_finite() -> None:
    features = np.linspace(-1, 1, 100)[:, None] * 1000
    found = logistic(features, (features[:, 0] > 0).astype(np.int64), 1, [1000.0, 0.1])
    assert all(np.isfinite(model.coefficients).all() for model in found)
