"""Penalised linear models, fitted to the optimum: the models to beat.

scikit-learn's definitions (and, in the tests, its optimum) without its two seconds of import in every run.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_MOST_STEPS = 500
_MOST_NEWTON_STEPS = 30
_MOST_FOR_NEWTON = 1_000
_LEAST_GAIN = 1e-9
"""A step that lowers the mean loss by less ends the search."""


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


def logistic(
    features: Floats, classes: NDArray[np.int64], outputs: int, penalties: list[float], counts: Floats | None = None
) -> list[Linear]:
    """Logistic regression with an L2 penalty (scikit-learn's `LogisticRegression(C=1 / penalty)`), one per penalty.

    `outputs` is 1 for two classes, else the number of classes. Penalties in falling order start from one another.
    `counts` says how much each row counts, (n,), 1 by itself (scikit-learn's `sample_weight`).
    """
    counts = np.ones(len(classes)) if counts is None else counts
    binary = _Binary(features, classes, counts) if outputs == 1 else None
    problem = binary or _Multinomial(features, classes, outputs, counts)
    found = np.zeros(outputs * (features.shape[1] + 1))
    models = []
    for penalty in penalties:
        if binary and len(found) <= _MOST_FOR_NEWTON:
            found = _newton(binary, found, penalty)
        else:
            found = _quasi_newton(problem, found, penalty)
        weights = found.reshape(outputs, -1)
        models.append(Linear(weights[:, :-1].copy(), weights[:, -1].copy()))
    return models


def _newton(problem: _Binary, weights: Floats, penalty: float) -> Floats:
    """A few exact steps: the curvature is cheap to have as long as it is small."""
    loss, gradient = problem.loss(weights, penalty)
    for _ in range(_MOST_NEWTON_STEPS):
        step = np.linalg.solve(problem.curvature(weights, penalty), gradient)
        share = 1.0
        while (next_loss := problem.loss(weights - share * step, penalty)[0]) > loss and share > 1e-6:
            share /= 2
        if loss - next_loss < _LEAST_GAIN:
            break
        weights = weights - share * step
        loss, gradient = problem.loss(weights, penalty)
    return weights


def _quasi_newton(problem: _Binary | _Multinomial, weights: Floats, penalty: float) -> Floats:
    from scipy.optimize import minimize  # noqa: PLC0415  # half a second that the others do without

    options = {"maxiter": _MOST_STEPS, "maxfun": 2 * _MOST_STEPS, "gtol": 1e-5, "ftol": _LEAST_GAIN}
    found = minimize(problem.loss, weights, args=(penalty,), jac=True, method="L-BFGS-B", options=options)
    return np.asarray(found.x)


class _Binary:
    def __init__(self, features: Floats, classes: NDArray[np.int64], counts: Floats) -> None:
        self._features = features
        self._positive = classes.astype(np.float64)
        self._counts = counts

    def loss(self, weights: Floats, penalty: float) -> tuple[float, Floats]:
        """The mean penalised loss and its gradient."""
        rows = len(self._positive)
        margins = self._features @ weights[:-1] + weights[-1]
        loss = (self._counts * np.logaddexp(0.0, margins)).sum() - (self._counts * self._positive) @ margins
        errors = self._counts * (1.0 / (1.0 + np.exp(-np.clip(margins, -700, 700))) - self._positive)
        gradient = np.append(self._features.T @ errors + penalty * weights[:-1], errors.sum())
        return float(loss + 0.5 * penalty * weights[:-1] @ weights[:-1]) / rows, gradient / rows

    def curvature(self, weights: Floats, penalty: float) -> Floats:
        """The second derivatives of the mean penalised loss."""
        rows, width = self._features.shape
        chances = 1.0 / (1.0 + np.exp(-np.clip(self._features @ weights[:-1] + weights[-1], -700, 700)))
        spread = self._counts * chances * (1.0 - chances)
        weighted = self._features * spread[:, None]
        found = np.empty((width + 1, width + 1))
        found[:-1, :-1] = self._features.T @ weighted
        found[:-1, -1] = found[-1, :-1] = weighted.sum(axis=0)
        found[-1, -1] = spread.sum() + 1e-9 * rows
        found[np.arange(width), np.arange(width)] += penalty
        return np.asarray(found / rows)


class _Multinomial:
    def __init__(self, features: Floats, classes: NDArray[np.int64], outputs: int, counts: Floats) -> None:
        self._features = features
        self._counts = counts[:, None]
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
        loss = np.sum(self._counts * np.log(totals)) - np.sum(self._counts * margins * self._truth)
        errors = self._counts * (raised / totals - self._truth)
        gradient = np.empty_like(weights)
        gradient[:, :-1] = errors.T @ self._features + penalty * weights[:, :-1]
        gradient[:, -1] = errors.sum(axis=0)
        return float(loss + 0.5 * penalty * np.sum(weights[:, :-1] ** 2)) / rows, gradient.ravel() / rows
