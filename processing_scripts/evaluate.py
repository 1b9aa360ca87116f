"""The Evaluate step: scores the trained models on the test rows, the way an endpoint would, and measures them.

By hand, with model.tar.gz of both training jobs in in/candidate and in/baseline, that of an approved model, if there is
one, in in/champion, and Prepare's output in in/test:
    python -m processing_scripts.evaluate --input in --output out --metric auc

A candidate of AutoML's is served by a container that is not at hand: --candidate predictions measures what that
container has answered, in in/predictions, to the rows in in/raw_test.
"""

from __future__ import annotations

import argparse
import json
import math
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from inference.archive import Archive, ArchiveError, open_archive, unpack
from inference.columns import FeaturesError
from inference.features import LABEL
from inference.job import JobError, run
from inference.predict import ModelError
from inference.scores import LOWER_IS_BETTER, METRICS, classes, score
from processing_scripts.metrics.details import details
from processing_scripts.metrics.predictions import Predictions, read_predictions, samples
from processing_scripts.metrics.quality import registry_form

CANDIDATE, BASELINE, CHAMPION = "candidate", "baseline", "champion"
ARCHIVE, PREDICTIONS = "archive", "predictions"
_SAMPLE_ROWS = 20
_SINGLE_ROWS = 50


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Give the mistake as a sentence, so that it reaches the job's exit message."""
        raise JobError(f"{message}.")


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job with the arguments in `argv`."""
    run("Evaluate", argv, lambda arguments: evaluate(_parse(arguments)))


def _parse(argv: Sequence[str]) -> argparse.Namespace:
    parser = _Parser(prog="evaluate", description=__doc__, allow_abbrev=False)
    parser.add_argument("--input", type=Path, required=True, help="folder of candidate, baseline, champion, test")
    parser.add_argument("--output", type=Path, required=True, help="folder for evaluation")
    parser.add_argument("--metric", required=True, help="the metric that the gate looks at")
    parser.add_argument("--candidate", choices=(ARCHIVE, PREDICTIONS), default=ARCHIVE, help="what it is measured by")
    return parser.parse_args(argv)


def evaluate(options: argparse.Namespace) -> None:
    """Score, measure, write; raises JobError where a model or the metric cannot be used."""
    answered = options.candidate == PREDICTIONS
    opened = (BASELINE,) if answered else (CANDIDATE, BASELINE)
    with tempfile.TemporaryDirectory() as folder:
        archives = {name: _open(name, options.input / name, Path(folder) / name) for name in opened}
        ours = archives[opened[0]]
        kind, labels = ours.features.kind, ours.features.labels
        if options.metric not in METRICS[kind]:
            raise JobError(
                f"the metric {options.metric} does not measure a {kind} problem; choose {', '.join(METRICS[kind])}."
            )
        rows, truth = _test_rows(options.input / "test", ours)
        matrices = {name: _serve(name, archive, rows) for name, archive in archives.items()}
        _hold_against_bulk(opened[0], options.input / "test", ours, matrices[opened[0]])
        scores = {name: _score(name, archive, matrices[name]) for name, archive in archives.items()}
        scores |= _champion(options.input / CHAMPION, Path(folder) / CHAMPION, ours, rows)
        importance = [] if answered else _importance(ours)
    predictions = _predictions(options.input, ours, truth) if answered else _named(kind, scores[CANDIDATE])
    scores = {CANDIDATE: predictions.scores, **scores}
    named = {CANDIDATE: predictions.predicted}
    found = {name: score(kind, truth, values, named.get(name)) for name, values in scores.items()}
    contents = {
        "evaluation.json": registry_form(
            kind, found[CANDIDATE], truth, predictions.scores, predictions.predicted, len(labels)
        ),
        "gate.json": _gate(options.metric, found),
        "details.json": details(kind, options.metric, labels, truth, scores, predictions.predicted, found, importance),
    }
    if answered:
        contents["samples.json"] = samples(options.input / "raw_test", options.input / PREDICTIONS, _SAMPLE_ROWS)
    _write(options.output / "evaluation", contents)
    for name, values in found.items():
        print(f"{name}: {', '.join(f'{metric} {value:.5f}' for metric, value in values.items())}")


def _open(name: str, folder: Path, into: Path) -> Archive:
    try:
        return open_archive(unpack(folder / "model.tar.gz", into))
    except (ArchiveError, FeaturesError, ModelError) as error:
        raise JobError(f"the {name} model cannot be used: {error}") from error


def _test_rows(folder: Path, archive: Archive) -> tuple[list[dict[str, Any]], NDArray[np.float32]]:
    rows = _read(folder, "rows").to_pylist()
    truth = _read(folder, "features").column(LABEL).to_numpy()
    if len(rows) != len(truth) or not rows:
        raise JobError("the channel test holds no rows, or not as many raw rows as features; prepare the data again.")
    if archive.features.target not in rows[0]:
        raise JobError(f"the test rows have no column {archive.features.target}; prepare the data again.")
    return rows, truth


def _read(folder: Path, stem: str) -> pa.Table:
    files = sorted(folder.glob(f"{stem}-*.parquet"))
    if not files:
        raise JobError(f"the input test has no {stem}-*.parquet file; give it the output test of Prepare.")
    try:
        return pa.concat_tables([pq.read_table(file) for file in files])
    except (OSError, pa.ArrowInvalid) as error:
        raise JobError(f"a {stem} file of the input test cannot be read as Parquet: {error}.") from error


def _serve(name: str, archive: Archive, rows: list[dict[str, Any]]) -> NDArray[np.float32]:
    """Raw rows through the row path of an endpoint."""
    try:
        return np.array([archive.transform.record(row) for row in rows], dtype=np.float32)
    except FeaturesError as error:
        raise JobError(f"the {name} model does not take the test rows: {error}") from error


def _importance(archive: Archive) -> list[tuple[str, float]]:
    """Every feature that the model uses with its share, the largest first."""
    shares = zip(archive.features.feature_names(), archive.model.importance().tolist(), strict=True)
    return sorted(((name, share) for name, share in shares if share > 0), key=lambda pair: (-pair[1], pair[0]))


def _named(kind: str, scores: NDArray[np.float32]) -> Predictions:
    """Our own models name the class that their scores speak for."""
    return Predictions(scores, None if kind == "regression" else classes(kind, scores.astype(np.float64)))


def _predictions(folder: Path, ours: Archive, truth: NDArray[np.float32]) -> Predictions:
    """What the candidate's container has answered to each of the test rows."""
    found = read_predictions(folder / PREDICTIONS, ours.features)
    if len(found.scores) != len(truth):
        raise JobError(f"the candidate has answered {len(found.scores)} of {len(truth)} test rows; predict them again.")
    if not np.isfinite(found.scores).all():
        raise JobError("the candidate answers a test row with a number that is not finite.")
    return found


def _hold_against_bulk(model: str, folder: Path, archive: Archive, matrix: NDArray[np.float32]) -> None:
    """Serving must make of a row what Prepare made of it, bit for bit."""
    table = _read(folder, "features")
    names = archive.features.feature_names()
    if table.column_names != [*names, LABEL]:
        raise JobError(f"the {model} was trained on other features than the test set has; train it again.")
    for place, name in enumerate(names):
        prepared = table.column(place).to_numpy().astype(np.float32)
        differing = np.flatnonzero(prepared.view(np.uint32) != np.ascontiguousarray(matrix[:, place]).view(np.uint32))
        if differing.size:
            row = int(differing[0])
            raise JobError(
                f"serving does not make of the raw rows what Prepare made of them: {name} of test row {row + 1} is "
                f"{matrix[row, place]} when served and {prepared[row]} when prepared."
            )


def _score(name: str, archive: Archive, matrix: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scores of all rows at once, held against those of rows scored one by one."""
    scores = archive.model.scores(matrix)
    for row in range(min(len(matrix), _SINGLE_ROWS)):
        alone = archive.model.scores(matrix[row : row + 1])
        if alone.tobytes() != scores[row : row + 1].tobytes():
            raise JobError(f"the {name} model scores test row {row + 1} otherwise when it is alone.")
    if not np.isfinite(scores).all():
        raise JobError(f"the {name} model gives a score that is not finite; train it again.")
    return scores


def _champion(folder: Path, into: Path, ours: Archive, rows: list[dict[str, Any]]) -> dict[str, NDArray[np.float32]]:
    """Score the approved model by its name, where there is one that can be measured beside the candidate.

    Without an approved model the input holds some other file, as an input must hold one. An approved model that does
    not take these rows was made for another table: the candidate is measured without it.
    """
    if not (folder / "model.tar.gz").is_file():
        return {}
    try:
        archive = _open(CHAMPION, folder, into)
        if (archive.features.kind, archive.features.labels) != (ours.features.kind, ours.features.labels):
            raise JobError("the champion model tells other classes, or another kind of target")
        return {CHAMPION: _score(CHAMPION, archive, _serve(CHAMPION, archive, rows))}
    except JobError as error:
        print(f"Without a champion: {error}")
        return {}


def _gate(metric: str, found: dict[str, dict[str, float]]) -> dict[str, Any]:
    values = {name: found[name].get(metric, math.nan) for name in (CANDIDATE, BASELINE)}
    if not all(math.isfinite(value) for value in values.values()):
        raise JobError(f"the metric {metric} cannot be computed on the test rows; add rows or choose another metric.")
    return {
        "metric": metric,
        "value": values[CANDIDATE],
        "baseline": values[BASELINE],
        "threshold_direction": "at_most" if metric in LOWER_IS_BETTER else "at_least",
    }


def _write(folder: Path, contents: dict[str, dict[str, Any]]) -> None:
    """Write all files under temporary names, then rename them."""
    texts = {name: json.dumps(content, indent=1, allow_nan=False) + "\n" for name, content in contents.items()}
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f".{name}").write_text(text, encoding="utf-8")
    for name in texts:
        (folder / f".{name}").replace(folder / name)


if __name__ == "__main__":
    main()
