from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from inference.columns import Categorical, Column, Encoded, Ignored, Numeric
from inference.compiled import FOLDER, CompiledModel
from inference.compiler import compile_model, host_target
from inference.features import Features, load_features
from inference.predict import load_model
from inference.reader.reading import PlainReader
from tests.inference.test_rows import features

SCALE: dict[str, Any] = {"low": -1e6, "high": 1e6, "mean": 38.6, "deviation": 13.7}
COLUMNS: tuple[Column, ...] = (
    Numeric("plain", median=40.0, **SCALE, indicator=True, also_missing=("old", "１２", "1_0")),
    Numeric("size", median=2e9, **SCALE),
    Ignored("id", "identifier"),
    Categorical("job", ("clerk", "smith", "true", "-", "42", "Zoë"), other=True, missing=True),
    Categorical("flag", ("true", "false"), missing=True, boolean=True),
    Categorical("town", ("Ulm", "TRUE", "a long name of a town"), other=True),
    Encoded("street", ("share", "mean"), ("Ulm", "Köln", "na", "true"), ((0.5, -1.0), (1 / 3, 2.0), (9, 9), (7, 0.1)),
            (0.0, 0.1), (-0.7, 0.2)),
)  # fmt: skip
MISSING = ("-999", "unknown", "1e400", "Ã")


def compiled(fitted: Features, folder: Path, weights: list[float]) -> CompiledModel:
    """A linear model of some features, compiled and loaded."""
    folder.mkdir()
    (folder / "features.json").write_text(json.dumps(fitted.to_json()))
    linear = {"format_version": 1, "coefficients": [weights], "intercepts": [0.0]}
    (folder / "linear.json").write_text(json.dumps(linear))
    compile_model(folder, folder / FOLDER / host_target().name, host_target())
    model = load_model(folder, load_features(folder / "features.json"))
    assert isinstance(model, CompiledModel)
    return model


@pytest.fixture(scope="session")
def fitted() -> Features:
    """A column of every kind that the reader takes."""
    return features(COLUMNS, MISSING)


@pytest.fixture(scope="session")
def reader(fitted: Features, tmp_path_factory: pytest.TempPathFactory) -> PlainReader:
    width = len(fitted.feature_names())
    return PlainReader(fitted, compiled(fitted, tmp_path_factory.mktemp("reader") / "model", [0.1] * width).library)
