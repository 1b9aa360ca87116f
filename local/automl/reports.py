"""A candidate's two reports: how good it is on the rows held out, and what its predictions come of."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.features import Features
from inference.predict import Model
from inference.scores import classes
from local.automl.metrics import measure

_SECTIONS = {
    "binary": "binary_classification_metrics",
    "multiclass": "multiclass_classification_metrics",
    "regression": "regression_metrics",
}
# Autopilot's metrics as the registry's model-quality reports spell them.
_SPELLINGS = {
    "Accuracy": "accuracy",
    "AUC": "auc",
    "BalancedAccuracy": "balanced_accuracy",
    "F1": "f1",
    "F1macro": "f1_macro",
    "LogLoss": "log_loss",
    "MAE": "mae",
    "MSE": "mse",
    "Precision": "precision",
    "PrecisionMacro": "precision_macro",
    "R2": "r2",
    "Recall": "recall",
    "RecallMacro": "recall_macro",
    "RMSE": "rmse",
}


def insights(features: Features, truth: NDArray[np.float64], scores: NDArray[np.float32]) -> dict[str, Any]:
    """Return the content of statistics.json, a model-quality report."""
    found = measure(features.kind, truth, scores)
    section: dict[str, Any] = {_SPELLINGS[name]: {"value": value} for name, value in found.items()}
    if features.kind != "regression":
        predicted = classes(features.kind, np.asarray(scores, dtype=np.float64))
        section["confusion_matrix"] = {
            actual: {
                label: int(np.sum((truth == row) & (predicted == column)))
                for column, label in enumerate(features.labels)
            }
            for row, actual in enumerate(features.labels)
        }
    return {"version": 0.0, "dataset": {"item_count": len(truth)}, _SECTIONS[features.kind]: section}


def explanation(features: Features, model: Model) -> dict[str, Any]:
    """Return the content of analysis.json: each raw column's share in what the model does.

    They are shares of gain, or of coefficients' sizes; Autopilot's report has SHAP values, which these are not.
    """
    shares: dict[str, float] = defaultdict(float)
    importance = iter(model.importance().tolist())
    for column in features.columns:
        for _ in column.features():
            shares[column.name] += next(importance)
    used = {column.name: round(shares[column.name], 6) for column in features.used}
    return {"version": "1.0", "explanations": {"feature_importance": {"global_importance_values": used}}}
