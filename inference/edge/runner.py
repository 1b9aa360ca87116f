#!/usr/bin/env python3
"""Predicts rows of a CSV file with the compiled model in this folder; needs nothing but Python's standard library.

    ./run rows.csv            what the endpoint answers to the same rows, as CSV
    ./run --json rows.csv     the same as JSON
    ./run -                   rows from standard input
    ./run --check             the predictions for the sample rows, compared with those that were made in training

From Python: put this folder on sys.path, then `from importlib.machinery import SourceFileLoader` and
`SourceFileLoader("run", "FOLDER/run").load_module().Model()`.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import struct
import sys
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from inference.columns import FeaturesError  # noqa: E402
from inference.features import load_features  # noqa: E402
from inference.formats.csv_text import cell, read  # noqa: E402
from inference.formats.json_text import quoted  # noqa: E402
from inference.formats.table import RequestError, Table, text_of  # noqa: E402
from inference.rows import RowTransform  # noqa: E402

ROWS_AT_ONCE = 4096


class RunError(Exception):
    """The rows cannot be predicted; the text is a whole sentence."""


class Model:
    """The compiled model in a folder, with what turns raw rows into its features."""

    def __init__(self, folder: Path = HERE) -> None:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        for name, expected in manifest["files"].items():
            if not (folder / name).is_file() or hashlib.sha256((folder / name).read_bytes()).hexdigest() != expected:
                raise RunError(f"{name} is not the file that this bundle was made with; unpack the bundle again.")
        facts = json.loads((folder / "compiled.json").read_text(encoding="utf-8"))
        self.features = load_features(folder / "features.json")
        self._transform = RowTransform(self.features)
        self._outputs: int = facts["outputs"]
        self._predict = _function(folder, facts)

    def predict(self, rows: Sequence[Any]) -> list[list[float]]:
        """The numbers that the model answers each raw row with, a list of cells or a mapping by column."""
        values = array("f")
        for number, row in enumerate(rows, 1):
            try:
                values.extend(self._transform.record(row) if isinstance(row, dict) else self._transform.values(row))
            except FeaturesError as error:
                raise RunError(f"row {number}: {error}") from error
        return self._scores(values, len(rows))

    def answers(self, scores: Sequence[float]) -> dict[str, Any]:
        """What an endpoint tells of one row: `score`, or `predicted_label` with `score` or `scores`."""
        if self.features.kind == "regression":
            return {"score": short(scores[0])}
        labels = self.features.labels
        if self.features.kind == "binary":
            called = int(scores[0] >= array("f", [self.features.threshold])[0])
            return {"predicted_label": labels[called], "score": short(scores[0])}
        best = max(range(len(scores)), key=scores.__getitem__)
        return {"predicted_label": labels[best], "scores": dict(zip(labels, map(short, scores), strict=True))}

    def _scores(self, values: array[float], count: int) -> list[list[float]]:
        out = array("f", bytes(4 * self._outputs * count))
        if count and self._predict(values.buffer_info()[0], count, out.buffer_info()[0]):
            raise RunError(f"there is no memory to score {count} rows.")
        return [list(out[start : start + self._outputs]) for start in range(0, len(out), self._outputs)]


def _function(folder: Path, facts: dict[str, Any]) -> Any:
    path = folder / "compiled.so"
    if not path.is_file():
        line = " ".join(facts["build"])
        raise RunError(f"there is no compiled.so; build it in this folder with a C compiler: gcc {line}")
    try:
        found = ctypes.CDLL(str(path)).model_predict
    except OSError as error:
        target = "-".join(facts["target"].values())
        raise RunError(f"compiled.so was made for {target} and cannot be loaded here: {error}.") from error
    found.argtypes, found.restype = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p], ctypes.c_int
    return found


def short(value: float) -> float:
    """A 32-bit number as the float with the fewest digits that stands for it."""
    for digits in range(1, 10):
        text = f"{value:.{digits}g}"
        if struct.pack("f", float(text)) == struct.pack("f", value):
            return float(text)
    return value


def lines(model: Model, table: Table) -> Iterator[str]:
    """The lines of a CSV answer."""
    for answer in _all(model, table):
        found = answer["scores"].values() if "scores" in answer else [answer["score"]]
        labels = [cell(answer["predicted_label"])] if "predicted_label" in answer else []
        yield ",".join([*labels, *map(repr, found)])


def document(model: Model, table: Table) -> str:
    """The JSON of an answer."""
    return '{"predictions": [' + ", ".join(map(_object, _all(model, table))) + "]}"


def _object(answer: dict[str, Any]) -> str:
    return "{" + ", ".join(f"{quoted(name)}: {_value(value)}" for name, value in answer.items()) + "}"


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return _object(value)
    return quoted(value) if isinstance(value, str) else repr(value)


def _all(model: Model, table: Table) -> Iterator[dict[str, Any]]:
    rows: Iterable[Any] = table.rows
    if table.names is not None:
        names = table.names
        rows = (dict(zip(names, row, strict=True)) for row in table.rows)
    waiting = iter(rows)
    while block := list(islice(waiting, ROWS_AT_ONCE)):
        yield from map(model.answers, model.predict(block))


def check(model: Model) -> int:
    """Predict the sample rows; returns the exit code."""
    samples = json.loads((HERE / "samples.json").read_text(encoding="utf-8"))
    found = [model.answers(scores) for scores in model.predict(samples["rows"])]
    wrong = [place for place, pair in enumerate(zip(found, samples["predictions"], strict=True)) if pair[0] != pair[1]]
    if wrong:
        sys.stderr.write(
            f"{len(wrong)} of {len(found)} sample rows are predicted otherwise, row {wrong[0] + 1} first.\n"
        )
        return 1
    sys.stdout.write(f"All {len(found)} sample rows are predicted as in training.\n")
    return 0


def main(arguments: list[str]) -> int:
    """Run with the arguments of a command line; returns the exit code."""
    options = {text for text in arguments if text.startswith("--")}
    files = [text for text in arguments if not text.startswith("--")]
    if options - {"--json", "--check"} or len(files) != ("--check" not in options):
        sys.stderr.write("usage: run [--json] FILE.csv or -; run --check\n")
        return 2
    try:
        model = Model()
        if "--check" in options:
            return check(model)
        body = sys.stdin.buffer.read() if files[0] == "-" else Path(files[0]).read_bytes()
        table = read(text_of(body), frozenset([*model.features.names, model.features.target]))
        if "--json" in options:
            sys.stdout.write(document(model, table))
        else:
            sys.stdout.writelines(f"{line}\n" for line in list(lines(model, table)))
    except (RunError, RequestError, FeaturesError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"{error.filename} cannot be read: {error.strerror}.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
