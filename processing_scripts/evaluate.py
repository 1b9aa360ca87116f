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
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from inference.job import JobError, run
from processing_scripts.metrics import archives
from processing_scripts.metrics.bias import bias_report
from processing_scripts.metrics.cautions import cautions
from processing_scripts.metrics.comparison import compare, gate
from processing_scripts.metrics.details import details
from processing_scripts.metrics.explaining import explainability_report, explanations
from processing_scripts.metrics.judged import PREDICTIONS, Judged, score_all
from processing_scripts.metrics.predictions import samples
from processing_scripts.metrics.quality import registry_form
from processing_scripts.metrics.slices import slices

ARCHIVE = "archive"
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
    parser.add_argument("--slice", action="append", default=[], help="a column whose groups are measured; repeatable")
    return parser.parse_args(argv)


def evaluate(options: argparse.Namespace) -> None:
    """Score, measure, write; raises JobError where a model or the metric cannot be used."""
    answered = options.candidate == PREDICTIONS
    with tempfile.TemporaryDirectory() as folder:
        judged = score_all(options.input, Path(folder), options.metric, answered=answered)
        contents = _contents(options, judged)
    if answered:
        contents["samples.json"] = samples(options.input / "raw_test", options.input / PREDICTIONS, _SAMPLE_ROWS)
    _write(options.output / "evaluation", contents)
    for name, values in contents["details.json"]["models"].items():
        print(f"{name}: {', '.join(f'{metric} {value:.5f}' for metric, value in values.items())}")
    if judged.note:
        print(judged.note)


def _contents(options: argparse.Namespace, judged: Judged) -> dict[str, dict[str, Any]]:
    """The content of every file, by its name."""
    features, kind = judged.features, judged.features.kind
    compared = compare(kind, judged.truth, judged.models, features.seed)
    # The job alone knows what an AutoML candidate makes of its features.
    importance = [] if judged.archive is None else archives.importance(judged.archive)
    explained = explanations(options.metric, judged)
    content = details(options.metric, judged, compared, importance)
    content["cautions"] = cautions(options.metric, judged, compared)
    content |= {"explanations": explained} if explained else {}
    content |= {"slices": slices(options.slice, options.metric, judged)} if options.slice else {}
    biased = kind == "binary" and options.slice
    return {
        "gate.json": gate(options.metric, compared, judged.note),
        "evaluation.json": registry_form(judged, compared),
        "details.json": content,
        **({"bias.json": bias_report(options.slice, judged)} if biased else {}),
        **({"explainability.json": explainability_report(judged, explained["shap"])} if "shap" in explained else {}),
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
