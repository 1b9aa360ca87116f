"""The program of one candidate: trains it, archives it, scores the archive on the rows held out, and explains it.

`FOLDER` is the job's, `NUMBER` names the candidate's folder in it, which holds proposal.json.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.features import Features, load_features
from inference.job import JobError
from inference.predict import Model
from local.automl import reports
from local.automl.archive import complete, write_json
from local.automl.metrics import measure
from local.automl.program import run
from local.automl.training import Data, Scores, train

# Sums of 32-bit numbers in another order than the library's own, relative to the largest score.
_TOLERANCE = 1e-4


def candidate(job: Path, folder: Path) -> None:
    """Write the candidate's model folder, its reports, and last its result."""
    proposal = json.loads((folder / "proposal.json").read_text(encoding="utf-8"))
    prepared = job / "prepared"
    features = load_features(prepared / "features.json")
    model_folder = folder / "model"
    model_folder.mkdir()
    data, held_out = _load(prepared / "train.npz", features), _load(prepared / "validation.npz", features)
    library = train(proposal["family"], data, proposal["settings"], features.seed, model_folder)
    rows = json.loads((prepared / "sample_rows.json").read_text(encoding="utf-8"))
    facts = {"model": proposal["family"], "hyperparameters": proposal["settings"], "seed": features.seed}
    model = complete(model_folder, features, rows, facts).model
    scores = model.scores(held_out.matrix)
    _compare(library, held_out.matrix, scores)
    metrics = {"Train": _measure(data, model), "Validation": measure(data.kind, held_out.labels, scores)}
    write_json(folder / "statistics.json", reports.insights(features, held_out.labels, scores))
    write_json(folder / "analysis.json", reports.explanation(features, model))
    write_json(folder / "result.json", {"metrics": metrics})


def _load(path: Path, features: Features) -> Data:
    with np.load(path, allow_pickle=False) as found:
        return Data(features, np.ascontiguousarray(found["features"]), found["labels"])


def _measure(data: Data, model: Model) -> Mapping[str, Any]:
    return measure(data.kind, data.labels, model.scores(data.matrix))


def _compare(library: Scores | None, matrix: NDArray[np.float32], scores: NDArray[np.float32]) -> None:
    """Hold a converted model against the one that was trained."""
    if library is None:
        return
    wanted = library(matrix)
    if np.abs(wanted - scores).max() > _TOLERANCE * max(1.0, float(np.abs(wanted).max())):
        raise JobError("the model that was written does not score as the one that was trained; please report it.")


def main(argv: Sequence[str]) -> None:
    """Train the candidate of the job's folder and the number given."""
    job = Path(argv[0])
    folder = job / "candidates" / argv[1]
    run(lambda: candidate(job, folder), folder / "failure")
