"""Compiles the model in a folder: reads it, writes C, builds it, holds it to the model's own answers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.compiler import equality, linear, source, toolchain, xgboost_model
from inference.compiler.errors import CompileError
from inference.compiler.subject import Subject
from inference.compiler.targets import Target
from inference.compiler.trees import XGBoostTrees
from inference.predict import LINEAR_FILE

FORMAT_VERSION = 1
LIBRARY = "compiled.so"
SOURCE = "compiled.c"
HEADER = "model.h"
DESCRIPTION = "compiled.json"

_READER = Path(__file__).with_name("reader.c")


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
    return compile_subject(_subject(folder), into, target, rows)


def holds_model(folder: Path) -> bool:
    """Whether a folder has a model that `compile_model` reads."""
    return xgboost_model.find(folder) is not None or linear.find(folder) is not None


def compile_subject(subject: Subject, into: Path, target: Target, rows: NDArray[np.float32] | None = None) -> Compiled:
    """Compile a model that was read, as `compile_model` does."""
    into.mkdir(parents=True, exist_ok=True)
    try:
        return _compile(subject, into, target, rows)
    except BaseException:
        for name in (LIBRARY, SOURCE, HEADER, DESCRIPTION):
            (into / name).unlink(missing_ok=True)
        raise


def _subject(folder: Path) -> Subject:
    path = xgboost_model.find(folder)
    if path is not None:
        return XGBoostTrees(path)
    path = linear.find(folder)
    if path is not None:
        return linear.LinearWeights(path)
    names = ", ".join([*xgboost_model.FILES, LINEAR_FILE])
    raise CompileError(f"{folder.name} holds no model that is compiled here: none of {names}.")


def _compile(subject: Subject, into: Path, target: Target, rows: NDArray[np.float32] | None) -> Compiled:
    (into / SOURCE).write_text(f"{subject.program()}\n{_READER.read_text(encoding='utf-8')}", encoding="utf-8")
    (into / HEADER).write_text(source.header(subject.width, subject.outputs), encoding="utf-8")
    compiler = toolchain.find_compiler(target)
    library = into / LIBRARY if compiler else None
    building = toolchain.building(compiler, target, into, SOURCE, LIBRARY) if compiler else nullcontext(_nothing)
    with building as built:
        checked = equality.hold(subject, into / SOURCE, library, target, rows, built)
    facts: dict[str, Any] = {
        "format_version": FORMAT_VERSION,
        "target": {"os": target.os, "arch": target.arch},
        "model": {"file": subject.path.name, "sha256": file_digest(subject.path)},
        "source": {"file": SOURCE, "sha256": file_digest(into / SOURCE)},
        "library": {"file": LIBRARY, "sha256": file_digest(library)} if library else None,
        "compiler": compiler.version if compiler else None,
        "build": toolchain.build_line(target, SOURCE, LIBRARY),
        "width": subject.width,
        "outputs": subject.outputs,
        **subject.facts(),
        "checked": checked,
    }
    (into / DESCRIPTION).write_text(json.dumps(facts, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    return Compiled(into, target, library, into / SOURCE, into / HEADER, into / DESCRIPTION, facts)


def _nothing() -> None:
    """What is waited for where nothing is built."""


def file_digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
