"""Holds a compiled model to the model it was compiled from: the same bits for every row, or no compiled model."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.compiler import emulator, toolchain
from inference.compiler.errors import CompileError
from inference.compiler.library import Library
from inference.compiler.subject import Subject
from inference.compiler.targets import Target, host_target


def hold(
    subject: Subject,
    source: Path,
    library: Path | None,
    target: Target,
    rows: NDArray[np.float32] | None,
    built: Callable[[], None],
) -> Mapping[str, Any]:
    """Compare; returns how it was done and on how many rows. Raises CompileError at the first row that differs.

    The model itself answers first, while the library may still be in the making; `built` waits for it.
    """
    hard, width = subject.hard_rows(), subject.width
    given = np.empty((0, width), np.float32) if rows is None else np.asarray(rows, dtype=np.float32)
    if given.ndim != 2 or given.shape[1] != width:
        raise CompileError(f"the rows to compare on have shape {given.shape}; the model takes {width} features.")
    if library and target != host_target() and emulator.find(target):
        step = -(-(len(hard) + len(given)) // subject.emulated_rows)
        hard, given = hard[::step], given[::step]
    every = np.concatenate([hard, given])
    expected = subject.own_scores(every)
    built()
    how, found = _scores(subject, source, library, target, every)
    if expected.shape != found.shape:
        raise CompileError(f"the compiled model answers with shape {found.shape}, the model itself {expected.shape}.")
    other = differing(expected, found)
    if subject.spare_ulps:
        other &= ~(np.isnan(expected) & np.isnan(found))  # Processors have several spellings of it.
    if _too_far(expected, found, subject.spare_ulps).any():
        raise CompileError(_where(every, expected, found, int(other.sum())))
    return {"how": how, "adversarial_rows": len(hard), "given_rows": len(given), "differing": int(other.sum())}


def differing(expected: NDArray[np.float32], found: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which numbers differ in any bit."""
    return np.asarray(expected.view(np.uint32) != found.view(np.uint32))


def _too_far(expected: NDArray[np.float32], found: NDArray[np.float32], spare: int) -> NDArray[np.bool_]:
    """Which numbers are more than so many 32-bit numbers apart; with some to spare, any NaN is as good as another."""
    if not spare:
        return differing(expected, found)
    places = [_place(answers) for answers in (expected, found)]
    apart = np.abs(places[0] - places[1]) > spare
    return np.asarray(apart & ~(np.isnan(expected) & np.isnan(found)))


def _place(values: NDArray[np.float32]) -> NDArray[np.int64]:
    """The place of each number among all 32-bit ones, in order."""
    bits = np.ascontiguousarray(values).view(np.int32).astype(np.int64)
    return np.where(bits < 0, -(bits & 0x7FFFFFFF), bits)


def _scores(
    subject: Subject, source: Path, library: Path | None, target: Target, rows: NDArray[np.float32]
) -> tuple[str, NDArray[np.float32]]:
    """How the compiled model was run, and its answers."""
    if library and target == host_target():
        return "run on this machine", _twice(Library(library, subject.width, subject.outputs), rows)
    if library and (program := emulator.find(target)):
        found = emulator.scores(program, library, target, subject.width, subject.outputs, rows)
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
        found = _twice(Library(place / "host.so", subject.width, subject.outputs), rows)
    return "the same source compiled for this machine", found


def _twice(library: Library, rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """The answers to all rows at once, held to those to each row alone, which take another way through the program."""
    found = library.scores(rows)
    step = max(1, len(rows) // 2000)
    for place in range(0, len(rows), step):
        alone = library.scores(rows[place : place + 1])
        if differing(found[place : place + 1], alone).any():
            both = [np.ravel(answers).tolist()[:10] for answers in (found[place], alone)]
            raise CompileError(
                f"the compiled model answers {both[0]} to row {place} among others, {both[1]} to it alone."
            )
    return found


def _where(rows: NDArray[np.float32], expected: NDArray[np.float32], found: NDArray[np.float32], count: int) -> str:
    other = differing(expected, found).reshape(len(rows), -1).any(axis=1)
    row = int(np.flatnonzero(other)[0])
    values = ", ".join(f"f{place}={value!s}" for place, value in enumerate(rows[row][:20].tolist()))
    more = f" and {rows.shape[1] - 20} more" if rows.shape[1] > 20 else ""
    right, wrong = (np.ravel(answers[row]).tolist()[:10] for answers in (expected, found))
    return (
        f"the compiled model differs from the model in {count} of {expected.size} numbers, first in row {row}: "
        f"the model says {right}, the compiled one {wrong}, for {values}{more}."
    )
