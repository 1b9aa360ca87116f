"""What AutoML may spend on a problem that leaves the choice of the model to it, and what it takes at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import Field

from config import metrics
from config.errors import Mistake, one_of
from config.fields import Settings

MOST_CANDIDATES = 750
"""What one AutoML job may train on the service. Source: Developer Guide, Autopilot quotas."""
LONGEST_SEARCH = 43_200
"""Minutes: 30 days."""

Model = Literal["xgboost", "auto"]

OBJECTIVES = {
    "accuracy": "Accuracy",
    "precision": "Precision",
    "recall": "Recall",
    "f1": "F1",
    "auc": "AUC",
    "f1_macro": "F1macro",
    "rmse": "RMSE",
    "mae": "MAE",
    "r2": "R2",
}
"""AutoML's name for each metric that it can search by. Source: API reference, AutoMLJobObjective."""


class AutoML(Settings):
    """The budget of the search."""

    max_candidates: int = Field(
        default=10,
        ge=1,
        le=MOST_CANDIDATES,
        description="With `model: auto`: how many candidates are trained at most; `MaxCandidates` overrides it.",
    )
    max_runtime_minutes: int | None = Field(
        default=None,
        ge=1,
        le=LONGEST_SEARCH,
        description="With `model: auto`: when the search ends with the best that there is; the environment's limit "
        "when left out.",
    )


def automl_mistakes(values: Mapping[str, Any]) -> Iterator[Mistake]:
    """Yield what is wrong between the choice of the model and other settings; those not in `values` are unknown."""
    if values.get("model", "xgboost") != "auto":
        if values.get("automl") is not None:
            yield Mistake("automl", "there is no AutoML without `model: auto`.", "Write it, or remove `automl`.")
        return
    if values.get("tuning") is not None:
        message = "`model: auto` searches models and their hyperparameters by itself."
        yield Mistake("tuning", message, "Remove `tuning` and give a budget under `automl`, or remove `model: auto`.")
    yield from _training_mistakes(values.get("training"))
    yield from _deploy_mistakes(values.get("deploy"))
    yield from _search_mistakes(values.get("kind"), values.get("metric"))


def _training_mistakes(training: Any) -> Iterator[Mistake]:
    """Yield settings of XGBoost's training; `training` is what a file says, or the settings that were read."""
    given = training if isinstance(training, Mapping) else vars(training) if training is not None else {}
    if given.get("hyperparameters"):
        message = "they are XGBoost's, and `model: auto` chooses among several kinds of models."
        yield Mistake("training.hyperparameters", message, "Remove them, or remove `model: auto`.")
    if given.get("continue_from"):
        message = "AutoML trains its candidates from nothing."
        yield Mistake("training.continue_from", message, "Remove it, or remove `model: auto`.")
    if given.get("spot"):
        message = "AutoML chooses its instances by itself, and not spot ones."
        yield Mistake("training.spot", message, "Remove `spot`, or remove `model: auto`.")


def _deploy_mistakes(deploy: Any) -> Iterator[Mistake]:
    """Yield what serves our own archives alone; `deploy` is what a file says, or the settings that were read."""
    given = deploy if isinstance(deploy, Mapping) else vars(deploy) if deploy is not None else {}
    if given.get("container"):
        message = "it serves Sageline's own archives, and AutoML's models have images of their own."
        yield Mistake("deploy.container", message, "Remove it, or remove `model: auto`.")


def _search_mistakes(kind: Any, metric: Any) -> Iterator[Mistake]:
    if kind is None or metric is None or metric not in metrics.allowed(kind):
        return
    if metric not in OBJECTIVES:
        possible = [name for name in metrics.allowed(kind) if name in OBJECTIVES]
        yield Mistake("metric", f"AutoML cannot search by `{metric}`.", f"Write {one_of(possible)}.")
        return
    kinds = metrics.kinds(kind, metric)
    if len(kinds) > 1:
        message = f"AutoML must be told what the target is, and `{metric}` does not tell."
        yield Mistake("kind", message, f"Write {one_of(kinds)}.")
