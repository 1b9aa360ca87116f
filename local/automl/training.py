"""Trains one model of a family, and writes it in a format of ours: XGBoost's JSON, or coefficients. Never by pickle."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.features import Features
from inference.predict import LINEAR_FILE, LINEAR_FORMAT, XGBOOST_FILE, import_xgboost
from local.automl.families import Settings
from local.automl.trees import write_boosting, write_forest


@dataclass(frozen=True)
class Data:
    """Rows to learn from: (rows, features), and the class's place or the value of each row."""

    features: Features
    matrix: NDArray[np.float32]
    labels: NDArray[np.float64]

    @property
    def kind(self) -> str:
        """Binary, multiclass or regression."""
        return self.features.kind


# Of a tree in a forest: leaves of single rows would make archives grow with the table.
_MOST_LEAVES = 5_000

Scores = Callable[[NDArray[np.float32]], NDArray[np.float64]]


def train(family: str, data: Data, settings: Settings, seed: int, folder: Path) -> Scores | None:
    """Train and write a model. Returns how the library itself scores rows, where it was converted from another one."""
    return _TRAINERS[family](data, settings, seed, folder)


def _xgboost(data: Data, settings: Settings, seed: int, folder: Path) -> None:
    xgboost = import_xgboost()
    objective = {"binary": "binary:logistic", "multiclass": "multi:softprob"}.get(data.kind, "reg:squarederror")
    given: dict[str, Any] = {
        "objective": objective,
        "eta": settings["eta"],
        "max_depth": settings["max_depth"],
        "subsample": settings["subsample"],
        "colsample_bytree": settings["colsample"],
        "lambda": settings["lambda"],
        "seed": seed,
        "nthread": 1,
        "tree_method": "hist",
    }
    if data.kind == "multiclass":
        given["num_class"] = len(data.features.labels)
    matrix = xgboost.DMatrix(data.matrix, label=data.labels)
    xgboost.train(given, matrix, num_boost_round=int(settings["rounds"])).save_model(folder / XGBOOST_FILE)


def _linear(data: Data, settings: Settings, seed: int, folder: Path) -> None:
    from sklearn.linear_model import LogisticRegression, Ridge  # noqa: PLC0415 - each family loads what it needs

    penalty = float(settings["penalty"])
    if data.kind == "regression":
        model = Ridge(alpha=penalty, random_state=seed)
    else:
        model = LogisticRegression(C=1.0 / penalty, max_iter=2000, random_state=seed)
    model.fit(data.matrix.astype(np.float64), _targets(data))
    content = {
        "format_version": LINEAR_FORMAT,
        "kind": data.kind,
        "penalty": penalty,
        "features": data.features.feature_names(),
        "coefficients": np.atleast_2d(model.coef_).tolist(),
        "intercepts": np.atleast_1d(model.intercept_).tolist(),
    }
    (folder / LINEAR_FILE).write_text(json.dumps(content, indent=1, allow_nan=False) + "\n", encoding="utf-8")


def _boosting(data: Data, settings: Settings, seed: int, folder: Path) -> Scores:
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor  # noqa: PLC0415

    maker = HistGradientBoostingRegressor if data.kind == "regression" else HistGradientBoostingClassifier
    model = maker(
        max_iter=int(settings["rounds"]),
        learning_rate=float(settings["eta"]),
        max_leaf_nodes=int(settings["leaves"]),
        min_samples_leaf=int(settings["least"]),
        early_stopping=False,
        random_state=seed,
    )
    model.fit(data.matrix, _targets(data))
    write_boosting(model, folder / XGBOOST_FILE, kind=data.kind, width=data.matrix.shape[1])
    return _scores(model, data.kind)


def _forest(name: str) -> Callable[[Data, Settings, int, Path], Scores]:
    def grow(data: Data, settings: Settings, seed: int, folder: Path) -> Scores:
        from sklearn import ensemble  # noqa: PLC0415

        maker = getattr(ensemble, name + ("Regressor" if data.kind == "regression" else "Classifier"))
        model = maker(
            n_estimators=int(settings["trees"]),
            min_samples_leaf=max(int(settings["least"]), len(data.labels) // _MOST_LEAVES),
            max_features=float(settings["share"]),
            random_state=seed,
        )
        model.fit(data.matrix, _targets(data))
        write_forest(model, folder / XGBOOST_FILE, kind=data.kind, width=data.matrix.shape[1])
        return _scores(model, data.kind)

    return grow


def _targets(data: Data) -> NDArray[Any]:
    return data.labels if data.kind == "regression" else data.labels.astype(np.int64)


def _scores(model: Any, kind: str) -> Scores:
    def score(matrix: NDArray[np.float32]) -> NDArray[np.float64]:
        if kind == "regression":
            return np.asarray(model.predict(matrix))
        found = np.asarray(model.predict_proba(matrix))
        return found[:, 1] if kind == "binary" else found

    return score


_TRAINERS: Mapping[str, Callable[[Data, Settings, int, Path], Scores | None]] = {
    "xgboost": _xgboost,
    "linear-learner": _linear,
    "lightgbm": _boosting,
    "randomforest": _forest("RandomForest"),
    "extra-trees": _forest("ExtraTrees"),
}
