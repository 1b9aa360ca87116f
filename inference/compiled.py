"""A model that scores through the machine code that the training job made of it.

The archive carries it in a folder for each target: `compiled/linux-x86_64/compiled.so`, and beside it what it was made
of. It is used where it was made for this machine and of the very model in the archive; the answers are the same bits.
"""

from __future__ import annotations

import ctypes
import json
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.compiler.compiling import DESCRIPTION, FORMAT_VERSION, file_digest
from inference.compiler.library import function, load
from inference.compiler.targets import host_target
from inference.features import Features

FOLDER = "compiled"

_LOG = logging.getLogger(__name__)
_FLOAT32 = np.dtype(np.float32)


class _UnfitError(Exception):
    """Why compiled trees are not used; the text is half a sentence."""


def load_compiled(folder: Path, features: Features, source: Callable[[], Any]) -> CompiledModel | None:
    """The compiled model of an archive's folder; None where it carries none that fits, with the reason in the log.

    `source` loads the model itself, for what the compiled one cannot tell.
    """
    if not (folder / FOLDER).is_dir():
        return None
    try:
        return CompiledModel(folder, features, source)
    except _UnfitError as reason:
        _LOG.warning("The archive's compiled model is not used: %s. The model itself answers.", reason)
        return None


class CompiledModel:
    """Scores rows by one call into a shared library; the model itself is loaded when its importance is asked for."""

    def __init__(self, folder: Path, features: Features, source: Callable[[], Any]) -> None:
        place = folder / FOLDER / host_target().name
        facts = _facts(place)
        library = _same(place, facts["library"])
        model = _same(folder, facts["model"])
        width = len(features.feature_names())
        outputs = len(features.labels) if features.kind == "multiclass" else 1
        if (facts["width"], facts["outputs"]) != (width, outputs):
            raise _UnfitError(f"it takes {facts['width']} features and gives {facts['outputs']} numbers")
        self.name = "linear" if facts["kind"] == "linear" else "xgboost"
        self.compiled_from = model.name
        self._source = source
        self._outputs = outputs
        self._row = (1, width)
        self._answer = ctypes.c_float * outputs
        self._shape = (1,) if outputs == 1 else (1, outputs)
        try:
            # One row takes less time than to let go of Python's lock and take it again, many rows take much more.
            self.library = loaded = load(library)
            self._many = function(loaded)
            self._one = function(ctypes.PyDLL(loaded._name, handle=loaded._handle))
        except (OSError, AttributeError) as error:
            raise _UnfitError(f"{library.name} cannot be loaded ({error})") from error

    def scores(self, matrix: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities or values of (rows, features)."""
        if matrix.shape == self._row and matrix.dtype == _FLOAT32:
            # Asking an array for its address takes longer than to copy one row.
            answer = self._answer()
            if self._one(matrix.tobytes(), 1, answer):
                raise MemoryError("there is no memory to score a row.")
            return np.ndarray(self._shape, _FLOAT32, memoryview(answer))
        rows = np.ascontiguousarray(matrix, dtype=np.float32)
        count = len(rows)
        if rows.shape != (count, self._row[1]):
            raise ValueError(f"rows of shape {rows.shape} do not fit a model that takes {self._row[1]} features.")
        out = np.empty(count if self._outputs == 1 else (count, self._outputs), dtype=np.float32)
        if self._many(rows.ctypes.data, count, out.ctypes.data):
            raise MemoryError(f"there is no memory to score {count} rows.")
        return out

    def importance(self) -> NDArray[np.float64]:
        """The share of each feature in what the model does, as the model itself says."""
        found: NDArray[np.float64] = self._source().importance()
        return found


def _facts(place: Path) -> Mapping[str, Any]:
    if not (place / DESCRIPTION).is_file():
        made = sorted(path.name for path in place.parent.iterdir() if path.is_dir())
        raise _UnfitError(f"it was made for {', '.join(made) or 'nothing'}, and this machine is {place.name}")
    try:
        facts = json.loads((place / DESCRIPTION).read_text(encoding="utf-8"))
        version = facts["format_version"]
        named = [facts[key]["file"] for key in ("library", "model")]
        numbers = [facts[key] for key in ("width", "outputs")]
        kind = facts["kind"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _UnfitError(f"its {DESCRIPTION} cannot be read ({error!r})") from error
    if version != FORMAT_VERSION:
        raise _UnfitError(f"its format version is {version!r}, not {FORMAT_VERSION}")
    if not all(isinstance(name, str) for name in (*named, kind)) or not all(isinstance(n, int) for n in numbers):
        raise _UnfitError(f"its {DESCRIPTION} is not what the compiler writes")
    found: Mapping[str, Any] = facts
    return found


def _same(folder: Path, named: Mapping[str, Any]) -> Path:
    """The file that a description names, if it is the one that was described."""
    name = str(named["file"])
    path = folder / name
    if Path(name).name != name or not path.is_file():
        raise _UnfitError(f"there is no {name}")
    if file_digest(path) != named.get("sha256"):
        raise _UnfitError(f"{name} is not the one that it was made with (digests differ)")
    return path
