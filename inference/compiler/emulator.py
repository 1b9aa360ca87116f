"""Runs a compiled model of another architecture under qemu, where it is installed."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from inference.compiler import toolchain
from inference.compiler.errors import CompileError
from inference.compiler.targets import Target

_PROGRAMS: Mapping[Target, tuple[tuple[str, ...], str]] = {
    Target("LINUX", "ARM64"): (("qemu-aarch64", "qemu-aarch64-static"), "/usr/aarch64-linux-gnu"),
    Target("LINUX", "ARM_EABIHF"): (("qemu-arm", "qemu-arm-static"), "/usr/arm-linux-gnueabihf"),
    Target("LINUX", "ARM_EABI"): (("qemu-arm", "qemu-arm-static"), "/usr/arm-linux-gnueabi"),
    Target("LINUX", "X86_64"): (("qemu-x86_64", "qemu-x86_64-static"), "/usr/x86_64-linux-gnu"),
}
_SECONDS = 600.0

_HARNESS = """\
#include <stdio.h>
#include <stdlib.h>
int model_predict(const float *rows, size_t count, float *scores);
/* Rows on stdin, scores on stdout: of all rows at once, then of the first ones each alone. */
int main(int argc, char **argv)
{
    const size_t width = strtoul(argv[1], 0, 10), outputs = strtoul(argv[2], 0, 10), count = strtoul(argv[3], 0, 10);
    const size_t alone = strtoul(argv[4], 0, 10);
    float *rows = malloc(sizeof(float) * (width * count + 1)), *scores = malloc(sizeof(float) * (outputs * count + 1));
    if (argc != 5 || !rows || !scores || fread(rows, sizeof(float) * width, count, stdin) != count)
        return 2;
    if (model_predict(rows, count, scores))
        return 3;
    fwrite(scores, sizeof(float) * outputs, count, stdout);
    for (size_t row = 0; row < alone; row++)
        if (model_predict(rows + row * width, 1, scores + row * outputs))
            return 3;
    fwrite(scores, sizeof(float) * outputs, alone, stdout);
    return 0;
}
"""


def find(target: Target) -> str | None:
    """The emulator that runs programs for a target here; None where it or the target's C library is missing."""
    names, root = _PROGRAMS.get(target, ((), ""))
    if not root or not Path(root).is_dir():
        return None
    return next((program for name in names if (program := shutil.which(name))), None)


def scores(
    emulator: str,
    library: Path,
    target: Target,
    width: int,
    outputs: int,
    rows: NDArray[np.float32],
    most_alone: int | None = None,
) -> NDArray[np.float32]:
    """The library's answers to (rows, width), checked to be the same for all rows at once and for each alone.

    Of many rows, only the first `most_alone` are asked alone where that is given.
    """
    alone = len(rows) if most_alone is None else min(most_alone, len(rows))
    compiler = toolchain.find_compiler(target)
    if compiler is None:
        raise CompileError(f"there is no compiler for {target.name} to build the program that tries the library with.")
    root = _PROGRAMS[target][1]
    with TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "try.c").write_text(_HARNESS, encoding="utf-8")
        (place / "libtried.so").write_bytes(library.read_bytes())
        _run([compiler.program, "-O1", "-o", "try", "try.c", "libtried.so", "-lm"], place, b"")
        said = _run(
            [emulator, "-L", root, "-E", f"LD_LIBRARY_PATH={place}", str(place / "try")]
            + [str(number) for number in (width, outputs, len(rows), alone)],
            place,
            np.ascontiguousarray(rows, dtype=np.float32).tobytes(),
        )
    both = np.frombuffer(said, dtype=np.float32).reshape(len(rows) + alone, outputs)
    found, again = both[: len(rows)], both[len(rows) :]
    if found[:alone].tobytes() != again.tobytes():
        raise CompileError(f"the model compiled for {target.name} answers rows alone and rows together differently.")
    return found[:, 0] if outputs == 1 else found


def _run(arguments: list[str], folder: Path, given: bytes) -> bytes:
    try:
        ran = subprocess.run(arguments, cwd=folder, input=given, capture_output=True, check=False, timeout=_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CompileError(f"{arguments[0]} could not be run: {error}.") from error
    if ran.returncode:
        said = ran.stderr.decode("utf-8", "replace").strip()[-300:]
        raise CompileError(f"{Path(arguments[0]).name} ended with code {ran.returncode}: {said}.")
    return ran.stdout
