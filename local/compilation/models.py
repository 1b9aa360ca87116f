"""Compiles the model of an unpacked archive on the laptop, of whichever library it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.compiler import Compiled, Target, compile_model
from inference.compiler.compiling import compile_subject, holds_model
from local.compilation import lightgbm_text
from local.compilation.lightgbm_trees import LightGBMTrees


def compile_any(folder: Path, into: Path, target: Target, rows: NDArray[np.float32] | None = None) -> Compiled:
    """Compile as `compile_model` does, and text models of LightGBM besides, which only the laptop holds to LightGBM."""
    path = None if holds_model(folder) else lightgbm_text.find(folder)
    return compile_model(folder, into, target, rows) if path is None else compile_lightgbm(path, into, target, rows)


def compile_lightgbm(path: Path, into: Path, target: Target, rows: NDArray[np.float32] | None = None) -> Compiled:
    """Compile a text model of LightGBM."""
    return compile_subject(LightGBMTrees(path), into, target, rows)
