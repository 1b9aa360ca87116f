"""Completes a candidate's model folder: what serves it, sample rows with their predictions, a manifest of digests."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

import inference
from inference.answers import answers
from inference.archive import FEATURES, FORMAT_VERSION, MANIFEST, SAMPLES, Archive, digest, open_archive
from inference.features import Features
from inference.predict import load_model
from inference.rows import RowTransform

LAUNCHER = "serving.py"


def complete(folder: Path, features: Features, rows: list[dict[str, Any]], facts: Mapping[str, Any]) -> Archive:
    """Complete a folder that holds a model's own file, and open it as whoever serves it will."""
    write_json(folder / FEATURES, features.to_json())
    _copy_code(folder / "code")
    transform = RowTransform(features)
    matrix = np.array([transform.record(row) for row in rows], dtype=np.float32)
    predictions = answers(features, load_model(folder, features).scores(matrix))
    write_json(folder / SAMPLES, {"rows": rows, "predictions": predictions})
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)
    content = {
        "format_version": FORMAT_VERSION,
        "kind": features.kind,
        "target": features.target,
        **facts,
        "files": {path.relative_to(folder).as_posix(): digest(path) for path in files},
    }
    write_json(folder / MANIFEST, content)
    return open_archive(folder)


def write_json(path: Path, content: object) -> None:
    """Write a file of JSON whose bytes depend on its content alone."""
    path.write_text(json.dumps(content, indent=1, allow_nan=False) + "\n", encoding="utf-8")


def _copy_code(folder: Path) -> None:
    package = Path(inference.__file__).parent
    for source in sorted(package.rglob("*.py")):
        place = folder / "inference" / source.relative_to(package)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, place)
    shutil.copyfile(Path(__file__).with_name("serving.py"), folder / LAUNCHER)
