"""Predictions of a container of AutoML's, as batch transform leaves them, in the form of our own models' scores.

A classifier answers each row with a line of CSV: the label, its probability, the probabilities of all classes as a
list, and the classes in the list's order. A regression's answer is the value. Source: Developer Guide, "Configure
inference output in generated containers".
"""

from __future__ import annotations

import ast
import csv
import itertools
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.cells import cell_level, parse_number
from inference.features import Features
from inference.job import JobError
from processing_scripts.preparing.raw import SAMPLES

_CLASSIFIED = 4


@dataclass(frozen=True)
class Predictions:
    """Scores as `inference.scores` takes them; `predicted` holds the class that was named, (n,), None for values."""

    scores: NDArray[np.float32]
    predicted: NDArray[np.int64] | None


def read_predictions(folder: Path, features: Features) -> Predictions:
    """Read all files of answers; raises JobError with the first answer that cannot be used."""
    lines = list(answers(folder))
    if not lines:
        raise JobError("the input predictions holds no answer; look at the log of the step that predicts.")
    if features.kind == "regression":
        return Predictions(np.array([_value(line) for line in lines], dtype=np.float32), None)
    place = _places(features.labels)
    wide = np.array([_probabilities(line, place, len(features.labels)) for line in lines], dtype=np.float32)
    predicted = np.array([place(line[0]) for line in lines], dtype=np.int64)
    return Predictions(wide[:, 1] if features.kind == "binary" else wide, predicted)


def answers(folder: Path, *, shown: bool = False) -> Any:
    """Yield every line of the answers, in the order of the rows, as its cells; or those to rows that are `shown`."""
    for path in sorted(folder.rglob("*.out")):
        if path.name.startswith(f"{SAMPLES}-") == shown:
            with path.open(encoding="utf-8", newline="") as file:
                yield from (row for row in csv.reader(file) if row)


def samples(rows: Path, found: Path, most: int) -> dict[str, Any]:
    """Return some rows as they were sent, and what was answered to them, for whoever tries an endpoint.

    Where rows have personal cells, they are those that were sent without them.
    """
    masked = sorted(rows.rglob(f"{SAMPLES}-*.csv"))
    files = masked or sorted(rows.rglob("*.csv"))
    with files[0].open(encoding="utf-8", newline="") as file:
        sent = list(itertools.islice(file, most))
    return {"rows": "".join(sent), "answers": list(itertools.islice(answers(found, shown=bool(masked)), len(sent)))}


def _value(line: Sequence[str]) -> float:
    value = parse_number(line[0])
    if value is None:
        raise JobError(f"the candidate answers {line[0][:40]!r} where a number is expected.")
    return value


def _places(labels: Sequence[str]) -> Callable[[str], int]:
    """Return what finds a class by its text, or by what the text means: 1.0 is 1, and True is true."""
    by_text = {label: place for place, label in enumerate(labels)}
    by_meaning = {_meaning(label): place for place, label in enumerate(labels)}

    @cache
    def place(text: str) -> int:
        found = by_text.get(text.strip(), by_meaning.get(_meaning(text)))
        if found is None:
            raise JobError(f"the candidate answers {text[:40]!r}, which is none of the classes {', '.join(labels)}.")
        return found

    return place


def _meaning(text: str) -> float | str:
    number = parse_number(text)
    return cell_level(text) if number is None else number


def _probabilities(line: Sequence[str], place: Callable[[str], int], classes: int) -> list[float]:
    if len(line) != _CLASSIFIED:
        message = f"the candidate answers {len(line)} cells where {_CLASSIFIED} are expected: label, probability, lists"
        raise JobError(f"{message} of probabilities and labels.")
    shares, names = _list(line[2]), _list(line[3])
    if len(shares) != len(names):
        raise JobError(f"the candidate answers {len(shares)} probabilities for {len(names)} classes.")
    found = [0.0] * classes  # A class too rare for the search to learn it is never predicted.
    for share, name in zip(shares, names, strict=True):
        value = parse_number(share)
        if value is None:
            raise JobError(f"the candidate answers {share[:40]!r} where a probability is expected.")
        found[place(name)] = value
    return found


def _list(cell: str) -> list[str]:
    """Return the texts of a list that is written as JSON, or in Python's way as in the service's documentation."""
    for read in (json.loads, ast.literal_eval):
        try:
            found = read(cell)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
        if isinstance(found, list):
            return [str(each) for each in found]
    raise JobError(f"the candidate answers {cell[:40]!r} where a list is expected.")
