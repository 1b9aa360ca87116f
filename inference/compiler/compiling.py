"""Compiles the model in a folder: reads it, writes C, builds it, holds it to the model's own answers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.compiler import equality, source, toolchain, xgboost_model
from inference.compiler.errors import CompileError
from inference.compiler.forest import Forest
from inference.compiler.layout import lay_out
from inference.compiler.targets import Target

FORMAT_VERSION = 1
LIBRARY = "compiled.so"
SOURCE = "compiled.c"
HEADER = "model.h"
DESCRIPTION = "compiled.json"


@dataclass(frozen=True)
class Compiled:
    """What `compile_model` wrote."""

    folder: Path
    target: Target
    library: Path | None
    """The shared library; None where this machine has no compiler for the target, and the source has to do."""
    source: Path
    header: Path
    description: Path
    facts: Mapping[str, Any]
    """What the description says: versions, digests, target, width, outputs, margins, best iteration, checks."""


def compile_model(folder: Path, into: Path, target: Target, rows: NDArray[np.float32] | None = None) -> Compiled:
    """Compile the model in `folder`, an unpacked archive of ours or one XGBoost model file, and write into `into`.

    Every compilation is held to the model's own answers, on rows made to be hard and on `rows`, (n, width), where they
    are given; one bit that differs fails it. Raises CompileError; nothing is left in `into` then.
    """
    path = xgboost_model.find(folder)
    if path is None:
        raise CompileError(f"{folder.name} holds no XGBoost model: none of {', '.join(xgboost_model.FILES)}.")
    forest = xgboost_model.read(path)
    into.mkdir(parents=True, exist_ok=True)
    try:
        return _compile(path, forest, into, target, rows)
    except BaseException:
        for name in (LIBRARY, SOURCE, HEADER, DESCRIPTION):
            (into / name).unlink(missing_ok=True)
        raise


def _compile(path: Path, forest: Forest, into: Path, target: Target, rows: NDArray[np.float32] | None) -> Compiled:
    (into / SOURCE).write_text(source.program(forest, lay_out(forest)), encoding="utf-8")
    (into / HEADER).write_text(source.header(forest), encoding="utf-8")
    compiler = toolchain.find_compiler(target)
    if compiler:
        toolchain.build(compiler, target, into, SOURCE, LIBRARY)
    checked = equality.hold(path, forest, into / SOURCE, into / LIBRARY if compiler else None, target, rows)
    facts: dict[str, Any] = {
        "format_version": FORMAT_VERSION,
        "target": {"os": target.os, "arch": target.arch},
        "model": {"file": path.name, "sha256": file_digest(path)},
        "source": {"file": SOURCE, "sha256": file_digest(into / SOURCE)},
        "library": {"file": LIBRARY, "sha256": file_digest(into / LIBRARY)} if compiler else None,
        "build": [*toolchain.build_line(target, SOURCE, LIBRARY)],
        "compiler": compiler.version if compiler else None,
        "kind": "trees",
        "objective": forest.objective,
        "link": forest.link.value,
        "width": forest.width,
        "outputs": forest.outputs,
        "margins": list(forest.margins),
        "trees": len(forest.trees),
        "best_iteration": forest.best_iteration,
        "checked": checked,
    }
    (into / DESCRIPTION).write_text(json.dumps(facts, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    library = into / LIBRARY if compiler else None
    return Compiled(into, target, library, into / SOURCE, into / HEADER, into / DESCRIPTION, facts)


def file_digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
