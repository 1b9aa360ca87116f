"""The hooks of script-mode serving of an AutoML job's models: raw rows in, the columns that were asked for out.

This file travels in each archive beside the package `inference`. As in Autopilot's containers, answers in CSV have the
columns that SAGEMAKER_INFERENCE_OUTPUT names (`predicted_label` alone by default), the predicted value for regression.
Rows that name their columns may have more of them than the model was trained on, such as those that a problem drops.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from inference.archive import Archive
from inference.rows import RowTransform
from inference.serving import model_fn as opened
from inference.serving import transform_fn as answer

__all__ = ["model_fn", "transform_fn"]

_CSV = "text/csv"


class _Named(RowTransform):
    """Takes of a row with names what the model knows."""

    def record(self, row: Mapping[str, Any]) -> list[float]:
        """Features of a row given by column names; raises FeaturesError for a column that is not there."""
        return super().record({name: row[name] for name in self.features.names if name in row})


def model_fn(model_dir: str) -> Archive:
    """Load the archive that the container unpacked."""
    archive = opened(model_dir)
    return replace(archive, transform=_Named(archive.features))


def transform_fn(model: Archive, body: str | bytes, content_type: str, accept: str) -> Any:
    """Answer a request: (body, mimetype), or a response with its HTTP code where the request is at fault."""
    wanted, given = (text.partition(";")[0].strip().lower() for text in (accept or "", content_type))
    as_csv = wanted == _CSV or (wanted in ("", "*/*") and given == _CSV)
    found = answer(model, body, content_type, "application/json" if as_csv else accept)
    if not as_csv or not isinstance(found, tuple):
        return found
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    for prediction in json.loads(found[0])["predictions"]:
        writer.writerow(_cells(prediction, list(model.features.labels)))
    return buffer.getvalue(), _CSV


def _cells(prediction: Mapping[str, Any], labels: list[str]) -> list[Any]:
    if not labels:
        return [prediction["score"]]
    predicted = prediction["predicted_label"]
    if "score" in prediction:
        probabilities = [1.0 - prediction["score"], prediction["score"]]
    else:
        probabilities = [prediction["scores"][label] for label in labels]
    cells = {
        "predicted_label": predicted,
        # In the mode ENSEMBLING it is that of the label, of two classes as well.
        "probability": probabilities[labels.index(predicted)],
        "probabilities": json.dumps(probabilities),
        "labels": json.dumps(labels),
    }
    wanted = [name.strip() for name in os.environ.get("SAGEMAKER_INFERENCE_OUTPUT", "").split(",")]
    return [cells[name] for name in wanted if name in cells] or [predicted]
