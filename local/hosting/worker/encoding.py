"""How the framework toolkits read and write numpy arrays where a script brings no hooks of its own.

Source: aws/sagemaker-containers 2.8 (`_encoders.py`), aws/sagemaker-xgboost-container (`encoder.py`).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import numpy as np

from local.hosting.worker.answers import CSV, JSON, NPY, UnsupportedFormatError, media_type

LIBSVM = ("text/libsvm", "text/x-libsvm")


def decode(body: str | bytes, content_type: str) -> Any:
    """Return a body as a numpy array: CSV, JSON or npy (without pickled objects)."""
    decoder = _DECODERS.get(media_type(content_type))
    if decoder is None:
        raise UnsupportedFormatError(content_type)
    return decoder(body)


def encode(array: Any, content_type: str) -> Any:
    """Return an array as CSV, JSON (text both) or npy."""
    encoder = _ENCODERS.get(media_type(content_type))
    if encoder is None:
        raise UnsupportedFormatError(content_type)
    return encoder(array)


def _text(body: str | bytes) -> str:
    return body.decode() if isinstance(body, bytes) else body


def _read_csv(body: str | bytes) -> Any:
    rows = list(csv.reader(io.StringIO(_text(body), newline=""), strict=True))
    return np.array(rows).squeeze()


def _read_json(body: str | bytes) -> Any:
    return np.array(json.loads(_text(body)))


def _read_npy(body: str | bytes) -> Any:
    return np.load(io.BytesIO(body.encode() if isinstance(body, str) else body), allow_pickle=False)


def _write_csv(array: Any) -> str:
    rows = np.array(array)
    rows = rows.reshape(-1, 1) if rows.ndim < 2 else rows
    buffer = io.StringIO()
    # Plain numbers: numpy's own would write themselves as np.float64(…).
    csv.writer(buffer, lineterminator="\n", strict=True).writerows(rows.tolist())
    return buffer.getvalue()


def _write_json(array: Any) -> str:
    return json.dumps(array, default=_plain)


def _write_npy(array: Any) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.asarray(array), allow_pickle=False)
    return buffer.getvalue()


def _plain(value: Any) -> Any:
    if hasattr(value, "tolist"):
        return value.tolist()
    message = f"{type(value).__name__} cannot be written as JSON"
    raise TypeError(message)


_DECODERS: dict[str, Callable[[str | bytes], Any]] = {CSV: _read_csv, JSON: _read_json, NPY: _read_npy}
_ENCODERS: dict[str, Callable[[Any], Any]] = {CSV: _write_csv, JSON: _write_json, NPY: _write_npy}
