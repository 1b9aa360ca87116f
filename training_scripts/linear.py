"""Penalised linear models, fitted to the optimum: the models to beat.

scikit-learn's definitions (and, in the tests, its optimum) without its two seconds of import in every run.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_MOST_STEPS = 500


@dataclass(frozen=True)
class Linear:
    """Coefficients (outputs, features) and intercepts (outputs,)."""

    coefficients: Floats
    intercepts: Floats


def ridge(features: Floats, values: Floats, penalties: list[float]) -> list[Linear]:
    """Least squares with an L2 penalty, one model per penalty (scikit-learn's `Ridge(alpha=penalty)`)."""
    means = features.mean(axis=0)
    centre = float(values.mean())
    centred = features - means
    scales, vectors = np.linalg.eigh(centred.T @ centred)
    projected = vectors.T @ (centred.T @ (values - centre))
    models = []
    for penalty in penalties:
        weights = vectors @ (projected / (np.maximum(scales, 0.0) + penalty))
        models.append(Linear(weights[None, :], np.array([centre - float(means @ weights)])))
    return models


def logistic(features: Floats, classes: NDArray[np.int64], outputs: int, penalties: list[float]) -> list[Linear]:
    """Logistic regression with an L2 penalty (scikit-learn's `LogisticRegression(C=1 / penalty)`), one per penalty.

    `outputs` is 1 for two classes, else the number of classes. Penalties in falling order start from one another.
    """
    from scipy.optimize import minimize  # noqa: PLC0415  # half a second that ridge does without

    problem = _Binary(features, classes) if outputs == 1 else _Multinomial(features, classes, outputs)
    start = np.zeros(outputs * (features.shape[1] + 1))
    models = []
    for penalty in penalties:
        found = minimize(
            problem.loss, start, args=(penalty,), jac=True, method="L-BFGS-B",
            options={"maxiter": _MOST_STEPS, "maxfun": 2 * _MOST_STEPS, "gtol": 1e-6, "ftol": 1e-10},
        )  # fmt: skip
        start = found.x
        weights = start.reshape(outputs, -1)
        models.append(Linear(weights[:, :-1].copy(), weights[:, -1].copy()))
    return models


class _Binary:
    def __init__(self, features: Floats, classes: NDArray[np.int64]) -> None:
        self._features = features
        self._positive = classes.astype(np.float64)

    def loss(self, weights: Floats, penalty: float) -> tuple[float, Floats]:
        """The mean penalised loss and its gradient."""
        rows = len(self._positive)
        margins = self._features @ weights[:-1] + weights[-1]
        loss = np.logaddexp(0.0, margins).sum() - self._positive @ margins
        errors = 1.0 / (1.0 + np.exp(-np.clip(margins, -700, 700))) - self._positive
        gradient = np.append(self._features.T @ errors + penalty * weights[:-1], errors.sum())
        return float(loss + 0.5 * penalty * weights[:-1] @ weights[:-1]) / rows, gradient / rows


class _Multinomial:
    def __init__(self, features: Floats, classes: NDArray[np.int64], outputs: int) -> None:
        self._features = features
        self._truth = np.zeros((len(classes), outputs))
        self._truth[np.arange(len(classes)), classes] = 1.0

    def loss(self, flat: Floats, penalty: float) -> tuple[float, Floats]:
        """The mean penalised loss and its gradient."""
        rows, outputs = self._truth.shape
        weights = flat.reshape(outputs, -1)
        margins = self._features @ weights[:, :-1].T + weights[:, -1]
        margins -= margins.max(axis=1, keepdims=True)
        raised = np.exp(margins)
        totals = raised.sum(axis=1, keepdims=True)
        loss = np.log(totals).sum() - np.sum(margins * self._truth)
        errors = raised / totals - self._truth
        gradient = np.empty_like(weights)
        gradient[:, :-1] = errors.T @ self._features + penalty * weights[:, :-1]
        gradient[:, -1] = errors.sum(axis=0)
        return float(loss + 0.5 * penalty * np.sum(weights[:, :-1] ** 2)) / rows, gradient.ravel() / rows
