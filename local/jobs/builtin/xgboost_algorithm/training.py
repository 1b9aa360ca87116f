"""Trains as the image does: its watch list, its lines of metrics, early stopping on the last metric, checkpoints."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local.jobs.builtin.xgboost_algorithm import metrics
from local.jobs.builtin.xgboost_algorithm.errors import AlgorithmError, UserError
from local.jobs.builtin.xgboost_algorithm.library import xgboost

MODEL = "xgboost-model"
CHECKPOINT = "xgboost-checkpoint"
# The image's own: they are no parameters of XGBoost. `silent` and the next two mean nothing to its version here.
_OURS = (
    "num_round", "csv_weights", "early_stopping_rounds", "eval_metric", "save_model_on_termination",
    "_tuning_objective_metric", "_num_cv_round", "use_dask_gpu_training", "silent", "predictor",
    "single_precision_histogram", "deterministic_histogram", "prob_buffer_row", "dsplit", "sketch_eps",
)  # fmt: skip
# What XGBoost says when the data or the request is to blame.
_USERS_FAULT = (
    "label must be in [0,1] for logistic regression",
    "label must be in [0, num_class)",
    "Target is multiclass but average='binary'",
    "feature_names mismatch",
    "Check failed: preds.size() == info.labels",
    "the dataset only contains pos or neg samples",
    "base_score must be in (0,1)",
    "label must be nonnegative",
    "Parameter reg_lambda should be greater equal to 0",
)


def train(values: Mapping[str, Any], data: Mapping[str, Any], model: Path, checkpoints: Path | None) -> xgboost.Booster:
    """Return the trained model; `data` holds the DMatrix of `train` and, where there is one, of `validation`.

    Raises:
        UserError: XGBoost finds fault with the data or the hyperparameters.
        AlgorithmError: it fails otherwise.
    """
    chosen = _metrics(values)
    parameters = {name: value for name, value in values.items() if name not in _OURS}
    if "updater" in parameters:
        parameters["updater"] = ",".join(parameters["updater"])
    own = [name for name in chosen if name not in metrics.ADDED]
    if own:
        parameters["eval_metric"] = own
    earlier, done = _latest(checkpoints)
    try:
        return xgboost.train(
            parameters,
            data["train"],
            num_boost_round=max(0, values["num_round"] - done),
            evals=[(matrix, name) for name, matrix in data.items()],
            custom_metric=metrics.added(chosen),
            callbacks=_callbacks(values, data, model, checkpoints),
            xgb_model=earlier,
            verbose_eval=False,
        )
    except (xgboost.core.XGBoostError, ValueError) as error:
        text = _reason(str(error))
        if any(part in str(error) for part in _USERS_FAULT):
            raise UserError(text) from error
        message = f"XGB train call failed with exception:\n {text}"
        raise AlgorithmError(message) from error


def _metrics(values: Mapping[str, Any]) -> list[str]:
    """Return the metrics to report: those asked for, and the one that a tuning job looks at."""
    chosen: list[str] = list(values.get("eval_metric", []))
    tuned = values.get("_tuning_objective_metric")
    if tuned is None:
        return chosen
    name = tuned.partition(":")[2]
    return sorted({*chosen, name}) if chosen else [name]


def _callbacks(values: Mapping[str, Any], data: Mapping[str, Any], model: Path, checkpoints: Path | None) -> list[Any]:
    found: list[Any] = [xgboost.callback.EvaluationMonitor(logger=_say)]
    if checkpoints is not None:
        found.append(xgboost.callback.TrainingCheckPoint(directory=checkpoints, name=CHECKPOINT, interval=1))
    if values.get("save_model_on_termination") == "true":
        found.append(_KeepModel(model / MODEL))
        signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    rounds, metric = values.get("early_stopping_rounds"), _stopping_metric(values)
    if rounds and metric and "validation" in data:
        found.append(
            xgboost.callback.EarlyStopping(
                rounds=rounds,
                data_name="validation",
                metric_name=metric,
                maximize=metric in metrics.MAXIMIZE,
                save_best=True,
            )
        )
    return found


def _stopping_metric(values: Mapping[str, Any]) -> str | None:
    """Return the metric that stops early: as in the image, there is none unless the request names one."""
    if tuned := values.get("_tuning_objective_metric"):
        return str(tuned).partition(":")[2]
    chosen = values.get("eval_metric")
    return str(chosen[-1]) if chosen else None


def _say(line: str) -> None:
    """Print a line of metrics as the service's logs show it: with its tabs written out."""
    print(line.strip("\n").replace("\t", "#011"), flush=True)


def _reason(text: str) -> str:
    """Return what XGBoost says, without its stack."""
    return re.sub(r"^\[[\d:]+\] \S+: ", "", text.partition("Stack trace")[0].strip())


def _latest(checkpoints: Path | None) -> tuple[Path | None, int]:
    """Return the last checkpoint and how many rounds it holds."""
    found = {} if checkpoints is None else {_round(path): path for path in checkpoints.glob(f"{CHECKPOINT}*")}
    found.pop(None, None)
    if not found:
        return None, 0
    last = max(number for number in found if number is not None)
    print(f"Checkpoint loaded from {found[last]}; resuming from iteration {last + 1}")
    return found[last], last + 1


def _round(path: Path) -> int | None:
    match = re.fullmatch(rf"{CHECKPOINT}[._](\d+)(\.\w+)?", path.name)
    return None if match is None else int(match[1])


class _KeepModel(xgboost.callback.TrainingCallback):  # type: ignore[misc] # XGBoost ships no types
    """Keeps the model of each round, so that a job that is stopped has one."""

    def __init__(self, target: Path) -> None:
        super().__init__()
        self._target = target

    def after_iteration(self, model: Any, epoch: int, evals_log: Any) -> bool:
        """Write the model beside its place, then rename."""
        del epoch, evals_log
        partial = self._target.with_name(f".{self._target.name}")
        partial.write_bytes(model.save_raw("ubj"))
        partial.replace(self._target)
        return False
