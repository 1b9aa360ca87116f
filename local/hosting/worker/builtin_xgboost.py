"""The built-in XGBoost algorithm's serving: models as the algorithm saves them, CSV or libsvm in, CSV or JSON out.

Source: aws/sagemaker-xgboost-container (`algorithm_mode/handler_service.py`, `serve_utils.py`). It differs in two
things: a row of another width than the model's is refused, and nothing is unpickled (see `pickled`).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np

from local.hosting.worker.answers import ANY, CSV, JSON, Answer, LoadError, Predict, RequestError, media_type
from local.hosting.worker.encoding import LIBSVM, encode
from local.hosting.worker.matrices import csv_rows, libsvm_rows
from local.hosting.worker.pickled import booster_state

MODEL_FILE = "xgboost-model"


def load(model: Path) -> Predict:
    """Load the model files of a folder and return what answers requests; several files are averaged.

    Raises:
        LoadError: there is no model, or XGBoost cannot read it.
    """
    boosters = [_booster(path) for path in _files(model)]
    if not boosters:
        message = f"The model archive holds no {MODEL_FILE}, and no SAGEMAKER_PROGRAM says what loads it."
        raise LoadError(message)

    def predict(body: bytes, content_type: str, accept: str) -> Answer:
        wanted = _wanted(accept)
        if not body.strip():
            raise RequestError("The body is empty.", 400)
        rows = _rows(body, content_type, boosters[0].num_features())
        scores = np.mean([_scores(booster, rows) for booster in boosters], axis=0)
        scores = scores.astype(np.float32)
        if wanted == JSON:
            return Answer(str(encode(scores, JSON)).encode(), JSON)
        # Between rows a comma; only batch transform, which counts lines, gets lines.
        between, end = ("\n", "\n") if os.environ.get("SAGEMAKER_BATCH") else (",", "")
        return Answer((between.join(map(str, scores.tolist())) + end).encode(), CSV)

    return predict


def _files(model: Path) -> list[Path]:
    single = model / MODEL_FILE
    if single.is_file():
        return [single]
    return sorted(path for path in model.iterdir() if path.is_file() and not path.name.startswith("."))


def _booster(path: Path) -> Any:
    from inference.predict import import_xgboost  # noqa: PLC0415 - no script runs beside it, whose package this could be

    xgboost = import_xgboost()
    try:
        state = booster_state(path.read_bytes())
        booster = xgboost.Booster(model_file=path) if state is None else _restored(xgboost, bytearray(state))
    except (xgboost.core.XGBoostError, ValueError):
        message = (
            f"{path.name} is not a model that XGBoost {xgboost.__version__} reads; save it with save_model (nothing is "
            "unpickled: of a pickled Booster its state is read, where this version wrote it)."
        )
        raise LoadError(message) from None
    booster.set_param({"nthread": 1})
    return booster


def _restored(xgboost: Any, state: bytearray) -> Any:
    booster = xgboost.Booster()
    try:
        booster.__setstate__({"handle": state})
    except xgboost.core.XGBoostError:
        # Before 1.0 a Booster's state was its model alone.
        booster.load_model(state)
    return booster


def _scores(booster: Any, rows: Any) -> Any:
    best = booster.attr("best_iteration")
    rounds = (0, min(int(best) + 1, booster.num_boosted_rounds())) if best else (0, 0)
    return booster.inplace_predict(rows, iteration_range=rounds, validate_features=False)


def _rows(body: bytes, content_type: str, width: int) -> Any:
    kind = media_type(content_type or CSV)
    if kind not in (CSV, *LIBSVM):
        raise RequestError(f"Content-type {kind} is not supported; send {CSV} or {LIBSVM[0]}.", 415)
    try:
        text = body.decode("utf-8-sig")
        rows = csv_rows(text) if kind == CSV else libsvm_rows(text)
    except ValueError as error:
        raise RequestError(f"The body cannot be read as {kind}: {' '.join(str(error).split())[:200]}.", 415) from None
    if rows.shape[1] > width or (kind == CSV and rows.shape[1] != width):
        raise RequestError(f"The rows have {rows.shape[1]} features where the model takes {width}.", 400)
    if rows.shape[1] < width:
        rows.resize((rows.shape[0], width))
    return rows


def _wanted(accept: str) -> str:
    default = os.environ.get("SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT", CSV)
    wanted = media_type(accept)
    wanted = default if wanted in ("", ANY) else wanted
    if wanted not in (CSV, JSON):
        raise RequestError(f"{wanted} is not an accepted Accept type; choose {CSV} or {JSON}.", 406)
    return wanted
