"""Fills the model folder: beside the model what serves it, what explains it, and a manifest with digests."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

import inference
from inference.answers import answers
from inference.archive import FEATURES, FORMAT_VERSION, MANIFEST, SAMPLES, digest
from inference.compiler.compiling import FORMAT_VERSION as COMPILED_FORMAT
from inference.features import FORMAT_VERSION as FEATURES_FORMAT
from inference.features import HALF, Features
from inference.job import JobError
from inference.predict import LINEAR_FORMAT, Model
from inference.rows import RowTransform

LAUNCHERS = ("serving", "preprocessing", "postprocessing")
"""The programs that the archive's code starts with: of the endpoint, and of the containers around Neo's own image."""

_LAUNCHER_TEXT = '"""The hooks of script-mode serving."""\n\nfrom inference.{} import *  # noqa: F403\n'


def write_archive(
    model_folder: Path,
    features_folder: Path,
    features: Features,
    model: Model,
    facts: Mapping[str, Any],
) -> None:
    """Complete a model folder that holds the model's own file. `facts` about the training join the manifest."""
    copy_features(features_folder, model_folder, features.threshold)
    _copy_code(model_folder / "code")
    _write_json(model_folder / SAMPLES, _samples(features_folder / "sample_rows.json", features, model))
    files = sorted(path for path in model_folder.rglob("*") if path.is_file() and path.name != MANIFEST)
    manifest = {
        "format_version": FORMAT_VERSION,
        "formats": {"features": FEATURES_FORMAT, "linear": LINEAR_FORMAT, "compiled": COMPILED_FORMAT},
        "kind": features.kind,
        "target": features.target,
        "data_version": features.data_version,
        "model": model.name,
        **facts,
        "files": {path.relative_to(model_folder).as_posix(): digest(path) for path in files},
    }
    _write_json(model_folder / MANIFEST, manifest)


def copy_features(features_folder: Path, model_folder: Path, threshold: float) -> None:
    """Put what Prepare fitted beside the model, with the threshold that this model decides by."""
    source, target = features_folder / FEATURES, model_folder / FEATURES
    fitted = json.loads(source.read_text(encoding="utf-8"))
    if fitted.get("threshold", HALF) == threshold:
        shutil.copyfile(source, target)
        return
    _write_json(target, {**fitted, "threshold": threshold})


def _copy_code(folder: Path) -> None:
    """Copy the inference package that is running, so that what serves the model is what trained it."""
    package = Path(inference.__file__).parent
    for source in sorted(package.rglob("*")):
        if source.is_file() and "__pycache__" not in source.parts:
            place = folder / "inference" / source.relative_to(package)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, place)
    for name in LAUNCHERS:
        (folder / f"{name}.py").write_text(_LAUNCHER_TEXT.format(name), encoding="utf-8")


def _samples(path: Path, features: Features, model: Model) -> dict[str, Any]:
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise JobError(f"the channel features has no {path.name} that can be read; prepare the data again.") from error
    transform = RowTransform(features)
    matrix = np.array([transform.record(row) for row in rows], dtype=np.float32)
    return {"rows": rows, "predictions": answers(features, model.scores(matrix))}


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=1, allow_nan=False) + "\n", encoding="utf-8")
