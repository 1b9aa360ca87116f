"""What the archives' server answers: the columns that Autopilot's containers would."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from inference.columns import Numeric
from inference.features import Features
from inference.predict import LINEAR_FILE
from local.automl import serving
from local.automl.archive import complete

LABELS = {"binary": ("no", "yes"), "multiclass": ("a", "b", "c"), "regression": ()}


def answer(folder: Path, kind: str, accept: str = "text/csv") -> str:
    """Ask a linear model of one number that gives it back, or its class."""
    column = Numeric("size", median=0.0, low=-9.0, high=9.0, mean=0.0, deviation=1.0)
    features = Features(kind, "y", "", LABELS[kind], (column,), frozenset({""}), "", 7)
    outputs = max(1, len(LABELS[kind]) if kind == "multiclass" else 1)
    weights = np.arange(outputs, dtype=float)[:, None] if outputs > 1 else np.ones((1, 1))
    linear = {"format_version": 1, "coefficients": weights.tolist(), "intercepts": [0.0] * outputs}
    (folder / LINEAR_FILE).write_text(json.dumps(linear))
    complete(folder, features, [{"size": "1"}], {"model": "linear-learner"})
    found = serving.transform_fn(serving.model_fn(str(folder)), "9\n-9\n", "text/csv", accept)
    assert found[1] == accept
    return str(found[0])


@pytest.mark.parametrize(
    ("kind", "wanted", "first"),
    [
        ("binary", None, "yes"),
        ("binary", "predicted_label, probability", "yes,0.99987"),
        ("binary", "labels", '"[""no"", ""yes""]"'),
        ("binary", "nonsense", "yes"),
        ("multiclass", None, "c"),
        ("multiclass", "probability,predicted_label", "0.99987"),
        ("multiclass", "probabilities", '"[1.52'),
        ("regression", "predicted_label,probability", "9.0"),
    ],
)
def test_csv_has_the_columns_that_the_environment_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, wanted: str | None, first: str
) -> None:
    if wanted is None:
        monkeypatch.delenv("SAGEMAKER_INFERENCE_OUTPUT", raising=False)
    else:
        monkeypatch.setenv("SAGEMAKER_INFERENCE_OUTPUT", wanted)
    lines = answer(tmp_path, kind).splitlines()
    assert len(lines) == 2
    assert lines[0].startswith(first)
    assert lines[0] != lines[1] or wanted == "labels"


def test_the_probability_is_that_of_the_label_of_two_classes_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAGEMAKER_INFERENCE_OUTPUT", "predicted_label,probability,probabilities")
    (_, row) = csv.reader(answer(tmp_path, "binary").splitlines())
    assert row[0] == "no"
    assert float(row[1]) == json.loads(row[2])[0] > 0.999


def test_json_is_answered_as_our_own_models_do(tmp_path: Path) -> None:
    found = json.loads(answer(tmp_path, "binary", "application/json"))["predictions"]
    assert [each["predicted_label"] for each in found] == ["yes", "no"]
