"""Our own model archives on the test rows: raw rows through the code of an endpoint, held against bulk preparation."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from inference.archive import Archive, ArchiveError, open_archive, unpack
from inference.columns import FeaturesError
from inference.features import HALF, LABEL, Features
from inference.job import JobError
from inference.personal import masked_feature
from inference.predict import ModelError

CHAMPION = "champion"
_SINGLE_ROWS = 50


def open_model(name: str, folder: Path, into: Path) -> Archive:
    """Unpack and open a model.tar.gz; raises JobError where it cannot be used."""
    try:
        return open_archive(unpack(folder / "model.tar.gz", into))
    except (ArchiveError, FeaturesError, ModelError) as error:
        raise JobError(f"the {name} model cannot be used: {error}") from error


def test_rows(folder: Path, archive: Archive) -> tuple[list[dict[str, Any]], NDArray[np.float32]]:
    """Return the raw test rows and their labels, (n,), as Prepare left them."""
    rows = read(folder, "rows").to_pylist()
    truth = read(folder, "features").column(LABEL).to_numpy()
    if len(rows) != len(truth) or not rows:
        raise JobError("the channel test holds no rows, or not as many raw rows as features; prepare the data again.")
    if archive.features.target not in rows[0]:
        raise JobError(f"the test rows have no column {archive.features.target}; prepare the data again.")
    return rows, truth


def read(folder: Path, stem: str) -> pa.Table:
    """Return the table of a split: "rows", raw, or "features"."""
    files = sorted(folder.glob(f"{stem}-*.parquet"))
    if not files:
        raise JobError(f"the input test has no {stem}-*.parquet file; give it the output test of Prepare.")
    try:
        return pa.concat_tables([pq.read_table(file) for file in files])
    except (OSError, pa.ArrowInvalid) as error:
        raise JobError(f"a {stem} file of the input test cannot be read as Parquet: {error}.") from error


def serve(name: str, archive: Archive, rows: list[dict[str, Any]]) -> NDArray[np.float32]:
    """Raw rows through the row path of an endpoint."""
    try:
        return np.array([archive.transform.record(row) for row in rows], dtype=np.float32)
    except FeaturesError as error:
        raise JobError(f"the {name} model does not take the test rows: {error}") from error


def hold_against_bulk(model: str, folder: Path, archive: Archive, matrix: NDArray[np.float32]) -> None:
    """Serving must make of a row what Prepare made of it, bit for bit."""
    table = read(folder, "features")
    names = archive.features.feature_names()
    if table.column_names != [*names, LABEL]:
        raise JobError(f"the {model} was trained on other features than the test set has; train it again.")
    for place, name in enumerate(names):
        prepared = table.column(place).to_numpy().astype(np.float32)
        differing = np.flatnonzero(prepared.view(np.uint32) != np.ascontiguousarray(matrix[:, place]).view(np.uint32))
        if differing.size:
            row, shown = int(differing[0]), masked_feature(name, archive.features.personal)
            raise JobError(
                f"serving does not make of the raw rows what Prepare made of them: {shown} of test row {row + 1} is "
                f"{matrix[row, place]} when served and {prepared[row]} when prepared."
            )


def scores_of(name: str, archive: Archive, matrix: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scores of all rows at once, held against those of rows scored one by one."""
    scores = archive.model.scores(matrix)
    for row in range(min(len(matrix), _SINGLE_ROWS)):
        alone = archive.model.scores(matrix[row : row + 1])
        if alone.tobytes() != scores[row : row + 1].tobytes():
            raise JobError(f"the {name} model scores test row {row + 1} otherwise when it is alone.")
    if not np.isfinite(scores).all():
        raise JobError(f"the {name} model gives a score that is not finite; train it again.")
    return scores


def importance(archive: Archive) -> list[tuple[str, float]]:
    """Every feature that the model uses with its share, the largest first."""
    shares = zip(archive.features.feature_names(), archive.model.importance().tolist(), strict=True)
    return sorted(((name, share) for name, share in shares if share > 0), key=lambda pair: (-pair[1], pair[0]))


@dataclass(frozen=True)
class Champion:
    """The approved model's scores, where there is one that can be measured; `note` says what to know about that."""

    scores: NDArray[np.float32] | None = None
    threshold: float = HALF
    note: str = ""


def champion(folder: Path, into: Path, ours: Archive, rows: list[dict[str, Any]]) -> Champion:
    """Score the approved model, where there is one that can be measured beside the candidate.

    Without an approved model the input holds some other file, as an input must hold one. An approved model that does
    not take these rows was made for another table: the candidate is measured without it.
    """
    if not (folder / "model.tar.gz").is_file():
        return Champion()
    try:
        archive = open_model(CHAMPION, folder, into)
        if (archive.features.kind, archive.features.labels) != (ours.features.kind, ours.features.labels):
            raise JobError("the champion model tells other classes, or another kind of target.")
        scores = scores_of(CHAMPION, archive, serve(CHAMPION, archive, rows))
    except JobError as error:
        return Champion(note=f"The approved model is not compared with: {error}")
    return Champion(scores, archive.features.threshold, _seen(archive.features, ours.features))


def _seen(theirs: Features, ours: Features) -> str:
    """Rows fall to the same splits only for the same data and seed."""
    if (theirs.data_version, theirs.seed) == (ours.data_version, ours.seed):
        return ""
    what = "other data" if theirs.data_version != ours.data_version else "another seed"
    return (
        f"The approved model was trained with {what}: some of these test rows may be among its training rows, "
        "which makes it look better than it is."
    )
