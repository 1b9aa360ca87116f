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
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from inference.features import Features
from inference.job import JobError, run
from inference.scores import LOWER_IS_BETTER, METRICS, classes, score
from processing_scripts.metrics import archives
from processing_scripts.metrics.details import details
from processing_scripts.metrics.predictions import Predictions, read_predictions, samples
from processing_scripts.metrics.quality import registry_form

CANDIDATE, BASELINE = "candidate", "baseline"
ARCHIVE, PREDICTIONS = "archive", "predictions"
_SAMPLE_ROWS = 20


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


@dataclass(frozen=True)
class _Scored:
    """Scores of the archives by model, beside the test rows' labels; `features` are those of the candidate's rows."""

    features: Features
    truth: NDArray[np.float32]
    scores: dict[str, NDArray[np.float32]]
    importance: list[tuple[str, float]]


def evaluate(options: argparse.Namespace) -> None:
    """Score, measure, write; raises JobError where a model or the metric cannot be used."""
    answered = options.candidate == PREDICTIONS
    scored = _score_archives(options, (BASELINE,) if answered else (CANDIDATE, BASELINE))
    features, truth, kind = scored.features, scored.truth, scored.features.kind
    candidate = _answers(options.input, features, truth) if answered else _named(kind, scored.scores[CANDIDATE])
    scores = {CANDIDATE: candidate.scores, **scored.scores}
    found = {
        name: score(kind, truth, values, candidate.predicted if name == CANDIDATE else None)
        for name, values in scores.items()
    }
    labels, predicted = features.labels, candidate.predicted
    # The job alone knows what an AutoML candidate makes of its features.
    importance = [] if answered else scored.importance
    contents = {
        "evaluation.json": registry_form(kind, found[CANDIDATE], truth, candidate.scores, predicted, len(labels)),
        "gate.json": _gate(options.metric, found),
        "details.json": details(kind, options.metric, labels, truth, scores, predicted, found, importance),
    }
    if answered:
        contents["samples.json"] = samples(options.input / "raw_test", options.input / PREDICTIONS, _SAMPLE_ROWS)
    _write(options.output / "evaluation", contents)
    for name, values in found.items():
        print(f"{name}: {', '.join(f'{metric} {value:.5f}' for metric, value in values.items())}")


def _score_archives(options: argparse.Namespace, names: Sequence[str]) -> _Scored:
    """Score the archives of the models named, the first of which tells what the problem is, and the champion's."""
    with tempfile.TemporaryDirectory() as folder:
        opened = {name: archives.open_model(name, options.input / name, Path(folder) / name) for name in names}
        first = opened[names[0]]
        kind = first.features.kind
        if options.metric not in METRICS[kind]:
            raise JobError(
                f"the metric {options.metric} does not measure a {kind} problem; choose {', '.join(METRICS[kind])}."
            )
        rows, truth = archives.test_rows(options.input / "test", first)
        matrices = {name: archives.serve(name, archive, rows) for name, archive in opened.items()}
        archives.hold_against_bulk(names[0], options.input / "test", first, matrices[names[0]])
        scores = {name: archives.scores_of(name, archive, matrices[name]) for name, archive in opened.items()}
        scores |= archives.champion(options.input / archives.CHAMPION, Path(folder) / archives.CHAMPION, first, rows)
        return _Scored(first.features, truth, scores, archives.importance(first))


def _named(kind: str, scores: NDArray[np.float32]) -> Predictions:
    """Our own models name the class that their scores speak for."""
    return Predictions(scores, None if kind == "regression" else classes(kind, scores.astype(np.float64)))


def _answers(folder: Path, features: Features, truth: NDArray[np.float32]) -> Predictions:
    """What the candidate's container has answered to each of the test rows."""
    found = read_predictions(folder / PREDICTIONS, features)
    if len(found.scores) != len(truth):
        raise JobError(f"the candidate has answered {len(found.scores)} of {len(truth)} test rows; predict them again.")
    if not np.isfinite(found.scores).all():
        raise JobError("the candidate answers a test row with a number that is not finite.")
    return found


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
