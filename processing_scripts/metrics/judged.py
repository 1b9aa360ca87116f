"""The test rows and what each model makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.archive import Archive
from inference.features import Features
from inference.job import JobError
from inference.scores import METRICS, classes
from processing_scripts.metrics import archives
from processing_scripts.metrics.bootstrap import Scores
from processing_scripts.metrics.comparison import BASELINE, CANDIDATE, CHAMPION
from processing_scripts.metrics.predictions import read_predictions

PREDICTIONS = "predictions"


@dataclass(frozen=True)
class Judged:
    """The test rows, (n,), and the scores of every model.

    `archive` is the candidate's and `matrix` its features of the rows, (n, width): None for a candidate of AutoML's,
    of which there are only answers.
    """

    features: Features
    rows: Sequence[dict[str, Any]]
    truth: NDArray[np.float32]
    models: dict[str, Scores]
    archive: Archive | None = None
    matrix: NDArray[np.float32] | None = None
    note: str = ""
    manifest: dict[str, Any] = field(default_factory=dict)

    @property
    def candidate(self) -> Scores:
        """The candidate's scores."""
        return self.models[CANDIDATE]


def score_all(folder: Path, into: Path, metric: str, *, answered: bool) -> Judged:
    """Score the archives in the folders of the models, the champion's if there is one, on the rows in `test`.

    `answered` says that the candidate has answered already, in `predictions`. Raises JobError where a model or the
    metric cannot be used.
    """
    names = (BASELINE,) if answered else (CANDIDATE, BASELINE)
    opened = {name: archives.open_model(name, folder / name, into / name) for name in names}
    first = opened[names[0]]
    kind = first.features.kind
    if metric not in METRICS[kind]:
        raise JobError(f"the metric {metric} does not measure a {kind} problem; choose {', '.join(METRICS[kind])}.")
    rows, truth = archives.test_rows(folder / "test", first)
    matrices = {name: archives.serve(name, archive, rows) for name, archive in opened.items()}
    archives.hold_against_bulk(names[0], folder / "test", first, matrices[names[0]])
    models = {
        name: named(kind, archives.scores_of(name, archive, matrices[name]), archive.features.threshold)
        for name, archive in opened.items()
    }
    champion = archives.champion(folder / CHAMPION, into / CHAMPION, first, rows)
    if champion.scores is not None:
        models[CHAMPION] = named(kind, champion.scores, champion.threshold)
    if answered:
        models = {CANDIDATE: _answers(folder, first.features, truth), **models}
        return Judged(first.features, rows, truth, models, note=champion.note)
    return Judged(first.features, rows, truth, models, first, matrices[CANDIDATE], champion.note, dict(first.manifest))


def named(kind: str, scores: NDArray[np.float32], threshold: float) -> Scores:
    """Our own models name the class that their scores speak for."""
    values = scores.astype(np.float64)
    return Scores(values, None if kind == "regression" else classes(kind, values, threshold))


def _answers(folder: Path, features: Features, truth: NDArray[np.float32]) -> Scores:
    """What the candidate's container has answered to each of the test rows."""
    found = read_predictions(folder / PREDICTIONS, features)
    if len(found.scores) != len(truth):
        raise JobError(f"the candidate has answered {len(found.scores)} of {len(truth)} test rows; predict them again.")
    if not np.isfinite(found.scores).all():
        raise JobError("the candidate answers a test row with a number that is not finite.")
    return Scores(found.scores.astype(np.float64), found.predicted)
