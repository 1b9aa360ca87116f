"""Holds a compiled model to the model it was compiled from: the same bits for every row, or no compiled model."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.compiler import emulator, toolchain
from inference.compiler.adversarial import adversarial_rows
from inference.compiler.errors import CompileError
from inference.compiler.forest import Forest
from inference.compiler.library import Library
from inference.compiler.targets import Target, host_target
from inference.predict import import_xgboost


def hold(
    path: Path,
    forest: Forest,
    source: Path,
    library: Path | None,
    target: Target,
    rows: NDArray[np.float32] | None,
) -> Mapping[str, Any]:
    """Compare; returns how it was done and on how many rows. Raises CompileError at the first row that differs."""
    hard = adversarial_rows(forest)
    given = np.empty((0, forest.width), np.float32) if rows is None else np.asarray(rows, dtype=np.float32)
    if given.ndim != 2 or given.shape[1] != forest.width:
        raise CompileError(f"the rows to compare on have shape {given.shape}; the model takes {forest.width} features.")
    every = np.concatenate([hard, given])
    expected = xgboost_scores(path, forest, every)
    how, found = _scores(forest, source, library, target, every)
    differing = count_differing(expected, found)
    if differing:
        raise CompileError(_where(every, expected, found, differing))
    return {"how": how, "adversarial_rows": len(hard), "given_rows": len(given), "differing": 0}


def xgboost_scores(path: Path, forest: Forest, rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """What XGBoost itself answers, up to the best iteration, on one thread."""
    xgboost = import_xgboost()
    try:
        booster = xgboost.Booster(model_file=path)
    except xgboost.core.XGBoostError as error:
        raise CompileError(f"{path.name} is not a model that XGBoost {xgboost.__version__} reads.") from error
    booster.set_param({"nthread": 1})
    best, rounds = forest.best_iteration, booster.num_boosted_rounds()
    limits = (0, 0) if best is None else (0, min(best + 1, rounds))
    found = booster.inplace_predict(np.ascontiguousarray(rows), iteration_range=limits, validate_features=False)
    return np.asarray(found, dtype=np.float32)


def count_differing(expected: NDArray[np.float32], found: NDArray[np.float32]) -> int:
    """How many numbers differ in any bit."""
    if expected.shape != found.shape:
        raise CompileError(f"the compiled model answers with shape {found.shape}, the model itself {expected.shape}.")
    return int(np.count_nonzero(expected.view(np.uint32) != found.view(np.uint32)))


def _scores(
    forest: Forest, source: Path, library: Path | None, target: Target, rows: NDArray[np.float32]
) -> tuple[str, NDArray[np.float32]]:
    """How the compiled model was run, and its answers."""
    if library and target == host_target():
        return "run on this machine", _twice(Library(library, forest.width, forest.outputs), rows)
    if library and (program := emulator.find(target)):
        found = emulator.scores(program, library, target, forest.width, forest.outputs, rows)
        return f"run by {Path(program).name}", found
    compiler = toolchain.find_compiler(host_target())
    if compiler is None:
        raise CompileError(
            "this machine has no C compiler (gcc, cc or clang) to hold the compiled model to the model itself with."
        )
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / source.name).write_bytes(source.read_bytes())
        toolchain.build(compiler, host_target(), place, source.name, "host.so")
        found = _twice(Library(place / "host.so", forest.width, forest.outputs), rows)
    return "the same source compiled for this machine", found


def _twice(library: Library, rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """The answers to all rows at once, held to those to each row alone, which take another way through the program."""
    found = library.scores(rows)
    step = max(1, len(rows) // 2000)
    for place in range(0, len(rows), step):
        alone = library.scores(rows[place : place + 1])
        if count_differing(found[place : place + 1], alone):
            raise CompileError(_where(rows[place : place + 1], found[place : place + 1], alone, 1))
    return found


def _where(rows: NDArray[np.float32], expected: NDArray[np.float32], found: NDArray[np.float32], differing: int) -> str:
    other = (expected.view(np.uint32) != found.view(np.uint32)).reshape(len(rows), -1).any(axis=1)
    row = int(np.flatnonzero(other)[0])
    values = ", ".join(f"f{place}={value!s}" for place, value in enumerate(rows[row][:20].tolist()))
    more = f" and {rows.shape[1] - 20} more" if rows.shape[1] > 20 else ""
    right, wrong = (np.ravel(answers[row]).tolist()[:10] for answers in (expected, found))
    return (
        f"the compiled model differs from the model in {differing} of {expected.size} numbers, first in row {row}: "
        f"the model says {right}, the compiled one {wrong}, for {values}{more}."
    )
