"""Script-mode serving: the hooks of a script, and the toolkits' own where it has none.

Source: aws/sagemaker-containers 2.8 (`_transformer.py`, `_worker.py`), aws/sagemaker-scikit-learn-container and
aws/sagemaker-xgboost-container (`serving.py`, `handler_service.py`).
"""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from local.hosting.toolkits import OTHER, SKLEARN, XGBOOST
from local.hosting.worker.answers import (
    ANY,
    JSON,
    TEXT_TYPES,
    Answer,
    LoadError,
    Predict,
    RequestError,
    UnsupportedFormatError,
    of_result,
)


def load(program: str, code: Path, model: Path, toolkit: str) -> Predict:
    """Import the program from the code folder, load its model and return what answers requests.

    Raises:
        LoadError: the script cannot be imported, or its model_fn does not load the model.
    """
    module = _import(program, code)
    whole = getattr(module, "transform_fn", None)
    parts = {name: getattr(module, name, None) for name in ("input_fn", "predict_fn", "output_fn")}
    if whole is not None and any(parts.values()):
        message = f"{program} has transform_fn and also input_fn, predict_fn or output_fn; keep one or the others."
        raise LoadError(message)
    loaded = _load_model(program, module, model)
    transform = whole or _chain(toolkit, **parts)

    def predict(body: bytes, content_type: str, accept: str) -> Answer:
        kind = content_type or JSON
        wanted = accept if accept and accept != ANY else os.environ.get("SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT", JSON)
        return of_result(transform(loaded, _content(body, kind), kind, wanted), wanted)

    return predict


def _import(program: str, code: Path) -> ModuleType:
    name = program.removesuffix(".py").replace("/", ".")
    if not (code / f"{program.removesuffix('.py')}.py").is_file():
        there = ", ".join(sorted(path.name for path in code.iterdir() if path.suffix == ".py")[:8]) or "no Python files"
        message = f"SAGEMAKER_PROGRAM is {program}, which is not in the code's folder; there: {there}."
        raise LoadError(message)
    sys.path.insert(0, str(code))
    try:
        return importlib.import_module(name)
    except Exception as error:
        traceback.print_exc()
        message = f"{program} cannot be imported: {_cause(error)}"
        raise LoadError(message) from error


def _load_model(program: str, module: ModuleType, model: Path) -> Any:
    model_fn = getattr(module, "model_fn", None)
    if model_fn is None:
        message = f"{program} has no model_fn, which the image's server calls to load the model; write one."
        raise LoadError(message)
    try:
        return model_fn(str(model))
    except Exception as error:
        traceback.print_exc()
        message = f"model_fn of {program} failed: {_cause(error)}"
        raise LoadError(message) from error


def _cause(error: Exception) -> str:
    text = " ".join(str(error).split())[:600]
    # The project's own archives raise whole sentences.
    return text if text.endswith(".") and " " in text else f"{type(error).__name__}: {text}."


def _content(body: bytes, content_type: str) -> str | bytes:
    if content_type not in TEXT_TYPES:
        return body
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise RequestError("the body is not UTF-8 text.", 400) from None


def _chain(
    toolkit: str,
    input_fn: Callable[[Any, str], Any] | None,
    predict_fn: Callable[[Any, Any], Any] | None,
    output_fn: Callable[[Any, str], Any] | None,
) -> Callable[[Any, Any, str, str], Any]:
    read, predict, write = input_fn or _INPUT[toolkit], predict_fn or _PREDICT[toolkit], output_fn or _encode

    def transform(model: Any, content: Any, content_type: str, accept: str) -> Any:
        try:
            data = read(content, content_type)
        except UnsupportedFormatError as error:
            raise RequestError(str(error), 415) from None
        prediction = predict(data, model)
        try:
            return write(prediction, accept)
        except UnsupportedFormatError as error:
            raise RequestError(str(error), 406) from None

    return transform


# The defaults import what they need when they are called: a script with hooks of its own pays for none of it.
def _decode(content: Any, content_type: str) -> Any:
    from local.hosting.worker.encoding import decode  # noqa: PLC0415

    return decode(content, content_type)


def _decode_numbers(content: Any, content_type: str) -> Any:
    array = _decode(content, content_type)
    return array.astype("float32") if content_type in TEXT_TYPES else array


def _decode_matrix(content: Any, content_type: str) -> Any:
    from local.hosting.worker.matrices import decode  # noqa: PLC0415

    return decode(content, content_type)


def _predict(data: Any, model: Any) -> Any:
    return model.predict(data)


def _predict_booster(data: Any, model: Any) -> Any:
    return model.predict(data, validate_features=False)


def _encode(prediction: Any, accept: str) -> tuple[Any, str]:
    from local.hosting.worker.encoding import encode  # noqa: PLC0415

    return encode(prediction, accept), accept


_INPUT: dict[str, Callable[[Any, str], Any]] = {XGBOOST: _decode_matrix, SKLEARN: _decode_numbers, OTHER: _decode}
_PREDICT: dict[str, Callable[[Any, Any], Any]] = {XGBOOST: _predict_booster, SKLEARN: _predict, OTHER: _predict}
