"""Models that score features: XGBoost's from its own JSON, and linear ones from coefficients."""

from __future__ import annotations

import importlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from inference.features import Features
from inference.lean import without

XGBOOST_FILE = "model.json"
LINEAR_FILE = "linear.json"
LINEAR_FORMAT = 1

_CHUNK_CELLS = 4_000_000


class ModelError(Exception):
    """A model cannot be loaded or used; the text is a whole sentence."""


class Model(Protocol):
    """What scores features. A row's score does not depend on the rows beside it, to the bit."""

    name: str

    def scores(self, matrix: NDArray[np.float32]) -> NDArray[np.float32]:
        """Score (rows, features): (rows,) the positive class's probability or the value, else (rows, classes)."""
        ...

    def importance(self) -> NDArray[np.float64]:
        """Each feature's share in what the model does, (features,), summing to 1 unless the model uses none."""
        ...


def load_model(folder: Path, features: Features) -> Model:
    """Load the model in a folder: what was compiled of it where that fits this machine, else the model itself."""
    from inference.compiled import load_compiled  # noqa: PLC0415  # it knows the compiler, which knows this module

    found = load_compiled(folder, features, lambda: load_source(folder, features))
    return found or load_source(folder, features)


def load_source(folder: Path, features: Features) -> Model:
    """Load the model itself, XGBoost's or a linear one."""
    if (folder / XGBOOST_FILE).is_file():
        return XGBoostModel(folder / XGBOOST_FILE, features)
    if (folder / LINEAR_FILE).is_file():
        return LinearModel(_read_json(folder / LINEAR_FILE), features)
    raise ModelError(f"the archive holds neither {XGBOOST_FILE} nor {LINEAR_FILE}; train the model again.")


def import_xgboost() -> Any:
    """XGBoost without scikit-learn, and with threads that sleep while they wait: spinning starves what runs beside."""
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    with without("sklearn"):
        return importlib.import_module("xgboost")


class XGBoostModel:
    """Trees of XGBoost, up to the best iteration where training stopped early; one thread, as endpoints have many."""

    name = "xgboost"

    def __init__(self, path: Path, features: Features) -> None:
        os.environ.setdefault(
            "OMP_NUM_THREADS", "1"
        )  # Two busy cores and two threads cost 60 ms at the 99th percentile.
        xgboost = import_xgboost()
        try:
            self._booster = xgboost.Booster(model_file=path)
        except xgboost.core.XGBoostError as error:
            raise ModelError(f"{path.name} is not a model that XGBoost {xgboost.__version__} reads.") from error
        self._booster.set_param({"nthread": 1})
        width = len(features.feature_names())
        if self._booster.num_features() != width:
            raise ModelError(f"{path.name} takes {self._booster.num_features()} features, features.json makes {width}.")
        best = self._booster.attr("best_iteration")
        self._rounds = (0, min(int(best) + 1, self._booster.num_boosted_rounds())) if best else (0, 0)

    def scores(self, matrix: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities or values of (rows, features)."""
        found = self._booster.inplace_predict(
            np.ascontiguousarray(matrix), iteration_range=self._rounds, validate_features=False
        )
        return np.asarray(found, dtype=np.float32)

    def contributions(self, matrix: NDArray[np.float32]) -> NDArray[np.float32]:
        """SHAP values, (rows, margins, features + 1), the last of each row being the margin without any feature."""
        rows = import_xgboost().DMatrix(np.ascontiguousarray(matrix), nthread=1)
        found = self._booster.predict(rows, pred_contribs=True, iteration_range=self._rounds, validate_features=False)
        return np.asarray(found, dtype=np.float32).reshape(len(matrix), -1, matrix.shape[1] + 1)

    def importance(self) -> NDArray[np.float64]:
        """The share of each feature in the total gain of all splits."""
        gains = np.zeros(self._booster.num_features())
        for name, gain in self._booster.get_score(importance_type="total_gain").items():
            gains[int(name.removeprefix("f"))] = gain
        return _shares(gains)


class LinearModel:
    """Coefficients: (1, features) for binary problems and regression, (classes, features) for several classes."""

    name = "linear"

    def __init__(self, raw: object, features: Features) -> None:
        if not isinstance(raw, Mapping) or raw.get("format_version") != LINEAR_FORMAT:
            raise ModelError(f"{LINEAR_FILE} does not have format version {LINEAR_FORMAT}; train the model again.")
        try:
            self._coefficients = np.array(raw["coefficients"], dtype=np.float64)
            self._intercepts = np.array(raw["intercepts"], dtype=np.float64)
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(f"{LINEAR_FILE} does not hold coefficients and intercepts as numbers.") from error
        self._kind = features.kind
        outputs = len(features.labels) if self._kind == "multiclass" else 1
        shape = (outputs, len(features.feature_names()))
        if self._coefficients.shape != shape or self._intercepts.shape != (outputs,):
            raise ModelError(f"{LINEAR_FILE} has coefficients of shape {self._coefficients.shape}, not {shape}.")
        if not (np.isfinite(self._coefficients).all() and np.isfinite(self._intercepts).all()):
            raise ModelError(f"{LINEAR_FILE} holds a number that is not finite.")

    def scores(self, matrix: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities or values of (rows, features)."""
        rows = np.ascontiguousarray(matrix)
        step = max(1, _CHUNK_CELLS // max(rows.shape[1], 1))
        parts = [self._margins(rows[start : start + step]) for start in range(0, len(rows), step)]
        return self._link(np.concatenate([np.empty((0, len(self._intercepts))), *parts])).astype(np.float32)

    def contributions(self, matrix: NDArray[np.float32]) -> NDArray[np.float32]:
        """Coefficient times feature, (rows, margins, features + 1), the last of each row being the intercept."""
        products = matrix[:, np.newaxis, :] * self._coefficients[np.newaxis]
        intercepts = np.broadcast_to(self._intercepts[:, np.newaxis], (*products.shape[:2], 1))
        return np.concatenate([products, intercepts], axis=2).astype(np.float32)

    @property
    def weights(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Coefficients (outputs, features) and intercepts (outputs,)."""
        return self._coefficients, self._intercepts

    def importance(self) -> NDArray[np.float64]:
        """The share of each feature in the coefficients' sizes; features are on one scale."""
        return _shares(np.abs(self._coefficients).sum(axis=0))

    def _margins(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        # Products summed along each row: a matrix product's sums would depend on how many rows come at once.
        sums = [np.sum(rows * weights, axis=1) for weights in self._coefficients]
        margins: NDArray[np.float64] = np.column_stack(sums) + self._intercepts
        return margins

    def _link(self, margins: NDArray[np.float64]) -> NDArray[np.float64]:
        if self._kind == "regression":
            return margins[:, 0]
        if self._kind == "binary":
            return np.asarray(1.0 / (1.0 + np.exp(-np.clip(margins[:, 0], -700, 700))))
        raised = np.exp(margins - margins.max(axis=1, keepdims=True))
        return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def _shares(amounts: NDArray[np.float64]) -> NDArray[np.float64]:
    total = float(amounts.sum())
    return amounts / total if total > 0 else amounts


def _read_json(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"{path.name} cannot be read as JSON: {error}.") from error
