"""The metrics that the algorithm reports, their directions, and those that the image adds to XGBoost's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

MAXIMIZE = (
    "accuracy", "auc", "aucpr", "balanced_accuracy", "f1", "f1_binary", "f1_macro", "map", "ndcg", "precision",
    "precision_macro", "precision_micro", "r2", "recall", "recall_macro", "recall_micro",
)  # fmt: skip
MINIMIZE = (
    "aft-nloglik", "cox-nloglik", "error", "gamma-deviance", "gamma-nloglik", "interval-regression-accuracy", "logloss",
    "mae", "mape", "merror", "mlogloss", "mphe", "mse", "poisson-nloglik", "rmse", "rmsle", "tweedie-nloglik",
)  # fmt: skip
_NUMBER = r"([-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?)"
WITH_THRESHOLD = ("error", "ndcg", "map")
# Of classes, by their name in scikit-learn and the average that they take.
_OF_CLASSES = {
    "accuracy": ("accuracy_score", None),
    "balanced_accuracy": ("balanced_accuracy_score", None),
    "f1": ("f1_score", "macro"),
    "f1_binary": ("f1_score", "binary"),
    "f1_macro": ("f1_score", "macro"),
    "precision": ("precision_score", "binary"),
    "precision_macro": ("precision_score", "macro"),
    "precision_micro": ("precision_score", "micro"),
    "recall": ("recall_score", "binary"),
    "recall_macro": ("recall_score", "macro"),
    "recall_micro": ("recall_score", "micro"),
}
_OF_VALUES = {"mse": "mean_squared_error", "r2": "r2_score"}
ADDED = (*_OF_CLASSES, *_OF_VALUES)


def is_metric(name: str) -> bool:
    """Say whether `eval_metric` may hold this name; some take a threshold, as in `error@0.7`."""
    start, at, threshold = name.partition("@")
    if not at:
        return name in MAXIMIZE or name in MINIMIZE
    try:
        float(threshold)
    except ValueError:
        return False
    return start.strip() in WITH_THRESHOLD


def definitions() -> list[dict[str, str]]:
    """Return the metric definitions of the algorithm, which its requests do not name."""
    return [
        {"Name": f"{data}:{name}", "Regex": rf".*\[[0-9]+\].*#011{data}-{name}:{_NUMBER}"}
        for data in ("train", "validation")
        for name in (*MAXIMIZE, *MINIMIZE)
    ]


def added(names: Sequence[str]) -> Callable[[Any, Any], list[tuple[str, float]]] | None:
    """Return XGBoost's `custom_metric` for those of the names that XGBoost does not have."""
    wanted = [name for name in names if name in ADDED]
    if not wanted:
        return None

    def evaluate(predicted: Any, data: Any) -> list[tuple[str, float]]:
        return [(name, _score(name, data.get_label(), predicted)) for name in wanted]

    return evaluate


def _score(name: str, actual: Any, predicted: Any) -> float:
    from sklearn import metrics  # noqa: PLC0415 - most trainings do without

    if name in _OF_VALUES:
        return float(getattr(metrics, _OF_VALUES[name])(actual, predicted))
    function, average = _OF_CLASSES[name]
    classes = predicted.argmax(axis=-1) if predicted.ndim > 1 else _classes(predicted, actual)
    more = {} if average is None else {"average": average}
    return float(getattr(metrics, function)(actual, classes, **more))


def _classes(predicted: Any, actual: Any) -> Any:
    """Return classes of probabilities; predictions that are classes already stay."""
    return predicted if actual.max(initial=0) > 1 else (predicted > 0.5).astype(int)
