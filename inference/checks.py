"""Holds a loaded model against the sample rows that travel with it and what training predicted for them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from inference.archive import SAMPLES, Archive
from inference.formats.table import RequestError
from inference.handler import Request
from inference.media_types import JSON

_TOLERANCE = 1e-4
"""How far a probability may be off: processors differ in the last digits of exponentials, and no further."""


class SampleError(Exception):
    """The model does not answer its samples as it did in training; the text is a whole sentence."""


def check_samples(archive: Archive) -> None:
    """Raise SampleError where the model's answers to its own samples are not those of training."""
    path = archive.folder / SAMPLES
    if not path.is_file():
        return
    try:
        samples = json.loads(path.read_text(encoding="utf-8"))
        rows, expected = samples["rows"], samples["predictions"]
    except (ValueError, KeyError, TypeError) as error:
        raise SampleError(f"{SAMPLES} does not hold rows and predictions; train the model again.") from error
    if not rows:
        return
    try:
        reply = archive.handler.answer(Request(json.dumps({"instances": rows}), JSON, JSON))
    except RequestError as error:
        raise SampleError(f"the model refuses its own sample rows: {error}") from error
    found = json.loads(reply.body)["predictions"]
    for number, (one, other) in enumerate(zip(found, expected, strict=False), 1):
        if not _same(one, other):
            raise SampleError(f"the model answers sample row {number} otherwise than in training; train it again.")
    if len(found) != len(expected):
        raise SampleError(f"{SAMPLES} has {len(expected)} predictions for {len(found)} rows; train the model again.")


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        # Next to one half, the last digit may decide about the label.
        keys = one.keys() | other.keys()
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in keys - {"predicted_label"})
    if isinstance(one, float | int) and isinstance(other, float | int):
        return math.isclose(one, other, rel_tol=_TOLERANCE, abs_tol=_TOLERANCE)
    return bool(one == other)
