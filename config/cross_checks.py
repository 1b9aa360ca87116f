"""What can be wrong between settings that are each right by themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from config import metrics
from config.automl import automl_mistakes
from config.compilation_checks import compile_mistakes
from config.errors import Mistake, one_of, suggestion
from config.evaluation import evaluation_mistakes
from config.hyperparameters import HYPERPARAMETERS
from config.preparation import preparation_mistakes

MOST_DROPPED = 40
"""Columns dropped and missing tokens together: a SageMaker job takes 100 arguments."""


def cross_mistakes(values: Mapping[str, Any]) -> list[Mistake]:
    """Return what is wrong between settings that are each right by themselves; those not in `values` are unknown."""
    return [
        *_metric_mistakes(values),
        *_threshold_mistakes(values),
        *_positive_mistakes(values),
        *_drop_mistakes(values),
        *_spot_mistakes(values),
        *automl_mistakes(values),
        *preparation_mistakes(values, len(_listed(values)), _most_listed(values)),
        *evaluation_mistakes(values),
        *compile_mistakes(values),
    ]


def _metric_mistakes(values: Mapping[str, Any]) -> list[Mistake]:
    kind, metric = values.get("kind"), values.get("metric")
    if kind is None or metric is None or metric in metrics.allowed(kind):
        return []
    message = f"`{metric}` does not measure a {kind} problem."
    return [Mistake("metric", message, f"Write {one_of(metrics.allowed(kind))}.")]


def _threshold_mistakes(values: Mapping[str, Any]) -> list[Mistake]:
    metric, threshold = values.get("metric"), values.get("threshold")
    if metric is None or threshold is None:
        return []
    low, high = metrics.threshold_range(metric)
    if low <= threshold and (high is None or threshold <= high):
        return []
    if high is None:
        fix = "Write a number of at least 0."
    elif low == 0:
        fix = "Write a number from 0 to 1; 90 % is 0.9."
    else:
        fix = "Write a number of at most 1."
    return [Mistake("threshold", f"`{metric}` never takes the value {threshold:g}.", fix)]


def _positive_mistakes(values: Mapping[str, Any]) -> list[Mistake]:
    kind, metric = values.get("kind"), values.get("metric")
    if values.get("positive") is None or kind is None or kind == "binary":
        return []
    if kind == "auto" and (metric is None or metric in metrics.METRICS["binary"]):
        return []
    message = "only a binary problem looks for one class."
    return [Mistake("positive", message, "Remove `positive`, or write `kind: binary`.")]


def _drop_mistakes(values: Mapping[str, Any]) -> list[Mistake]:
    drop = list(values.get("drop") or ())
    found = []
    if values.get("target") in drop:
        message = f"`{values['target']}` is the target, without which nothing can be learned."
        found.append(Mistake(f"drop[{drop.index(values['target'])}]", message, "Remove it from `drop`."))
    for name, count in Counter(drop).items():
        if count > 1:
            found.append(Mistake("drop", f"`{name}` is listed {count} times.", "List it once."))
    listed, most = len(_listed(values)), _most_listed(values)
    if listed > most:
        message = f"{listed} columns to drop and missing tokens do not fit a SageMaker job, which takes 100 arguments."
        found.append(Mistake("drop", message, f"Remove columns from the data until {most} are left."))
    return found


def _listed(values: Mapping[str, Any]) -> list[Any]:
    return [*(values.get("drop") or ()), *(values.get("missing") or ())]


def _most_listed(values: Mapping[str, Any]) -> int:
    # With AutoML, preparing takes one more argument.
    return MOST_DROPPED - (values.get("model") == "auto")


def _spot_mistakes(values: Mapping[str, Any]) -> list[Mistake]:
    training = values.get("training")
    spot = training.get("spot") if isinstance(training, Mapping) else getattr(training, "spot", False)
    if values.get("tuning") is None or not spot or values.get("model") == "auto":
        return []
    message = "the trainings of a search keep no checkpoints, and run on instances of their own."
    return [Mistake("training.spot", message, "Remove `spot`, or remove `tuning`.")]


def hyperparameter_mistakes(values: Mapping[str, Any]) -> list[Mistake]:
    """Return hyperparameters that training would not take, which a run would otherwise find out late.

    Only files are held to this: the model of a problem takes whatever a script of the future may know.
    """
    given = values["training"].get("hyperparameters") if isinstance(values.get("training"), Mapping) else None
    found = []
    for name, value in (given or {}).items():
        path = f"training.hyperparameters.{name}"
        declared = HYPERPARAMETERS.get(name)
        if name == "seed":
            message = "the seed stands beside `training`, not in it."
            found.append(Mistake(path, message, "Write `seed:` at the top level."))
        elif declared is None:
            found.append(Mistake(path, "there is no such hyperparameter.", suggestion(name, HYPERPARAMETERS)))
        elif isinstance(value, str) or not declared.allows(value):
            found.append(Mistake(path, f"`{value}` is not possible.", f"Write {declared}."))
    return found
