"""Compiles the trained model, so that the archive carries what an endpoint answers with fastest."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.compiled import FOLDER
from inference.compiler import CompileError, Target, compile_model, host_target
from inference.compiler.toolchain import find_compiler
from inference.job import JobError
from training_scripts.report import say

SERVED = (Target("LINUX", "X86_64"), Target("LINUX", "ARM64"))
"""What endpoints run on."""
MOST_ROWS = 10_000
"""Training rows that the compiled model is held to; more of the same tell nothing new."""


def compile_trained(folder: Path, features: NDArray[np.float32]) -> None:
    """Compile the model in a folder for this machine, and for others where their compilers are here.

    `features` are the training rows, (rows, width). Says what was made and how it was compared. Without a C compiler
    the folder stays as it is; raises JobError where the compiled model does not answer as the model does.
    """
    here = host_target()
    if find_compiler(here) is None:
        say("This machine has no C compiler (gcc, cc or clang): the archive carries no compiled model.")
        return
    rows = features[:: -(-len(features) // MOST_ROWS)]
    for target in [here, *(other for other in SERVED if other != here and find_compiler(other))]:
        try:
            made = compile_model(folder, folder / FOLDER / target.name, target, rows)
        except CompileError as error:
            raise JobError(f"the model could not be compiled for {target.name}: {error}") from error
        checked = made.facts["checked"]
        count = checked["adversarial_rows"] + checked["given_rows"]
        say(f"compiled for {target.name}, {checked['how']}: {count} rows, {checked['differing']} with other bits")
