"""Neo's own image for XGBoost (`xgboost-neo`): features as CSV or libsvm in, scores as CSV out, of a compiled model.

Source: neo-ai/neo-ai-dlr, `container/neo_template_xgboost.py` and `src/dlr_treelite.cc`. As there, a content type
counts as it stands, without parameters, an empty cell is no number, rows may be narrower than the model (what lacks is
missing), models of one output answer all rows in one line, and the answer is CSV, whatever is accepted. It differs in
that a body that cannot be read is the client's fault here, with a sentence, where the image answers 500.
"""

from __future__ import annotations

import csv
import json
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.compiler import toolchain
from inference.compiler.compiling import DESCRIPTION, LIBRARY, SOURCE
from inference.compiler.errors import CompileError
from inference.compiler.library import Library
from inference.compiler.targets import Target, host_target
from local.hosting.worker.answers import CSV, Answer, LoadError, Predict, RequestError
from local.hosting.worker.encoding import LIBSVM
from local.hosting.worker.matrices import libsvm_entries

Matrix = NDArray[np.float32]


def load(model: Path) -> Predict:
    """Load what a compilation job has made and return what answers requests.

    Raises:
        LoadError: the folder does not hold it, or this machine cannot run it.
    """
    try:
        facts = json.loads((model / DESCRIPTION).read_text(encoding="utf-8"))
        width, outputs = int(facts["width"]), int(facts["outputs"])
        target = Target(facts["target"]["os"], facts["target"]["arch"])
    except (OSError, ValueError, KeyError, TypeError):
        message = f"The archive holds no {DESCRIPTION}, as compilations on the laptop write it: compile the model here."
        raise LoadError(message) from None
    library = _library(model, target, width, outputs)

    def predict(body: bytes, content_type: str, accept: str) -> Answer:  # noqa: ARG001 - it answers CSV, whatever is wanted
        rows = _rows(body, content_type)
        if rows.shape[1] > width:
            raise RequestError(f"The rows have {rows.shape[1]} features where the model takes {width}.", 400)
        full = np.full((len(rows), width), np.nan, dtype=np.float32)
        full[:, : rows.shape[1]] = rows
        scores = library.scores(full)
        lines = [scores.tolist()] if outputs == 1 else scores.tolist()
        return Answer("".join(",".join(map("%.18e".__mod__, line)) + "\n" for line in lines).encode(), CSV)

    return predict


def _library(model: Path, target: Target, width: int, outputs: int) -> Library:
    """The artefact's library, or where that is another machine's, one that is built of its source."""
    here = host_target()
    try:
        if target == here and (model / LIBRARY).is_file():
            return Library(model / LIBRARY, width, outputs)
        compiler = toolchain.find_compiler(here)
        if compiler is None:
            message = f"The model was compiled for {target.name}, and this machine ({here.name}) has no C compiler."
            raise LoadError(message)
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / SOURCE).write_bytes((model / SOURCE).read_bytes())
            toolchain.build(compiler, here, Path(folder), SOURCE, LIBRARY)
            return Library(Path(folder) / LIBRARY, width, outputs)
    except (CompileError, OSError) as error:
        message = f"What was compiled cannot be run here: {error}"
        raise LoadError(message) from error


def _rows(body: bytes, content_type: str) -> Matrix:
    if content_type not in (CSV, *LIBSVM):
        message = (
            f"ClientError: Invalid content type {content_type or '(none)'}. Neo's image takes {CSV} and {LIBSVM[0]}, "
            "written just so."
        )
        raise RequestError(message, 400)
    try:
        text = body.decode().rstrip()
        return _csv(text) if content_type == CSV else _libsvm(text)
    except (ValueError, csv.Error) as error:
        why = " ".join(str(error).split())[:200]
        raise RequestError(f"The body cannot be read as {content_type}: {why}.", 400) from None


def _csv(text: str) -> Matrix:
    lines = text.split("\n")
    between = csv.Sniffer().sniff(lines[0]).delimiter
    return np.array([line.split(between) for line in lines], dtype=np.float64).astype(np.float32)


def _libsvm(text: str) -> Matrix:
    """Rows as wide as the last feature that one of them has; what they do not have is missing."""
    rows, columns, values = libsvm_entries(text)
    if not rows:
        message = "there are no entries"
        raise ValueError(message)
    dense: Matrix = np.full((max(rows) + 1, max(columns) + 1), np.nan, dtype=np.float32)
    dense[rows, columns] = values
    return dense
