"""The target column: which kind of problem it makes, what its classes are, which rows have none."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.arrays import texts
from inference.cells import cell_text
from inference.job import JobError
from inference.scores import METRICS
from processing_scripts.preparing.target_numbers import Read, read_numbers

FEWEST_ROWS = 50
"""Rows with a target that a run needs: with fewer, the test set would hold less than five."""
FEWEST_PER_CLASS = 3
"""One row each to train, validate and test."""
MAX_INTEGER_CLASSES = 20
MAX_CLASSES = 200

_YES = frozenset({"1", "true", "yes", "y", "t", "positive", "pos", "+"})


@dataclass(frozen=True)
class Target:
    """What was decided about the target.

    `values` holds, for every row of the file, the class index or the number, and NaN for a row that is left out.
    """

    kind: str
    labels: tuple[str, ...]
    values: NDArray[np.float64]
    notes: list[str] = field(default_factory=list)


def decide(name: str, cells: Any, tokens: frozenset[str], *, kind: str, metric: str, positive: str | None) -> Target:
    """Make the target of a whole column of raw cells (an Arrow array).

    `kind` may be `auto`. Raises JobError where no model can be trained on the column, or the kind, the metric and the
    positive class do not fit it.
    """
    codes, labels = texts(cells, tokens)
    present = int(np.sum(codes >= 0))
    if present < FEWEST_ROWS:
        raise JobError(
            f"{present} rows have a value in the target column {name}, and at least {FEWEST_ROWS} are needed "
            f"to train, validate and test; add more rows."
        )
    if len(labels) == 1:
        raise JobError(
            f"the target column {name} has one class only: every row says {labels[0]!r}, and a model needs rows of at "
            f"least two classes or values."
        )
    read = read_numbers(name, cells, tokens)
    if kind == "auto":
        kind = _infer(read.values, labels if read.strays else [])
    _check_metric(kind, metric)
    if kind == "regression":
        target = _regression(name, cells, read)
    else:
        numeric = not read.strays and not read.decimal and not _is_boolean(cells)
        if numeric:
            codes, labels = _numbered(read.values)
        target = _classes(name, codes, labels, kind, numeric=numeric, positive=positive)
    left_out = len(cells) - present
    note = [f"{left_out} rows have no value in the target column {name} and were left out."] if left_out else []
    return Target(target.kind, target.labels, target.values, note + target.notes)


def _is_boolean(cells: Any) -> bool:
    return str(cells.type) == "bool"


def _infer(values: NDArray[np.float64], texts_found: list[str]) -> str:
    if texts_found:
        return "binary" if len(texts_found) == 2 else "multiclass"
    distinct = np.unique(values[~np.isnan(values)])
    if distinct.size == 2:
        return "binary"
    whole = bool(np.all(distinct == np.floor(distinct)))
    return "multiclass" if whole and distinct.size <= MAX_INTEGER_CLASSES else "regression"


def _check_metric(kind: str, metric: str) -> None:
    if metric not in METRICS[kind]:
        raise JobError(
            f"the metric {metric} does not measure a {kind} problem; choose one of {', '.join(METRICS[kind])}, "
            f"or another kind."
        )


def _regression(name: str, cells: Any, read: Read) -> Target:
    if read.strays:
        rows = [(row, cell) for row, cell in enumerate(cells.to_pylist(), 1) if cell_text(cell) in read.strays]
        shown = ", ".join(f"row {row} ({cell_text(cell)[:40]!r})" for row, cell in rows[:3])
        more = f" and {len(rows) - 3} more" if len(rows) > 3 else ""
        raise JobError(
            f"the target column {name} of a regression problem holds text in {shown}{more}; mend those cells, list the "
            f"text under missing, or choose the kind multiclass."
        )
    return Target("regression", (), read.values, read.notes(name))


def _classes(
    name: str, codes: NDArray[np.int64], labels: list[str], kind: str, *, numeric: bool, positive: str | None
) -> Target:
    counts = np.bincount(codes[codes >= 0], minlength=len(labels))
    if len(labels) > MAX_CLASSES:
        raise JobError(
            f"the target column {name} has {len(labels)} different values, too many to be classes (at most "
            f"{MAX_CLASSES}); choose another target, or the kind regression if it holds numbers."
        )
    notes: list[str] = []
    if kind == "binary":
        order = _binary_order(name, labels, counts, positive)
    else:
        order, notes = _multiclass_order(name, labels, counts, numeric)
    places = np.full(len(labels) + 1, np.nan)
    places[order] = np.arange(len(order))
    return Target(kind, tuple(labels[place] for place in order), places[codes], notes)


def _numbered(values: NDArray[np.float64]) -> tuple[NDArray[np.int64], list[str]]:
    """Classes that are numbers: 1 and 1.0 are one class."""
    distinct, codes = np.unique(values, return_inverse=True)
    codes = codes.astype(np.int64)
    codes[np.isnan(values)] = -1
    return codes, [cell_text(float(number)) for number in distinct if not np.isnan(number)]


def _binary_order(name: str, labels: list[str], counts: NDArray[np.int64], positive: str | None) -> list[int]:
    if len(labels) != 2:
        shown = ", ".join(sorted(labels)[:8])
        raise JobError(
            f"the target column {name} has {len(labels)} classes ({shown}{', …' if len(labels) > 8 else ''}) and a "
            f"binary problem has two; choose the kind multiclass or regression."
        )
    if counts.min() < FEWEST_PER_CLASS:
        rare = int(np.argmin(counts))
        raise JobError(
            f"the class {labels[rare]!r} of the target column {name} has {counts[rare]} rows, and at least "
            f"{FEWEST_PER_CLASS} are needed to train, validate and test; add rows of that class."
        )
    if positive is not None:
        if positive.strip() not in labels:
            raise JobError(
                f"the positive class {positive!r} is not in the target column {name}; its classes are "
                f"{labels[0]!r} and {labels[1]!r}."
            )
        first = labels.index(positive.strip())
    else:
        first = _default_positive(labels, counts)
    return [1 - first, first]


def _default_positive(labels: list[str], counts: NDArray[np.int64]) -> int:
    """The class that says yes, else the rarer one, else the later one in the order of their texts."""
    saying_yes = [place for place, label in enumerate(labels) if label.lower() in _YES]
    if len(saying_yes) == 1:
        return saying_yes[0]
    if counts[0] != counts[1]:
        return int(np.argmin(counts))
    return int(labels[1] > labels[0])


def _multiclass_order(
    name: str, labels: list[str], counts: NDArray[np.int64], numeric: bool
) -> tuple[list[int], list[str]]:
    kept = [place for place in range(len(labels)) if counts[place] >= FEWEST_PER_CLASS]
    if len(kept) < 2:
        raise JobError(
            f"fewer than two classes of the target column {name} have the {FEWEST_PER_CLASS} rows that are needed to "
            f"train, validate and test; choose another target or add rows."
        )
    notes = [
        f"The class {labels[place]!r} of {name} has only {counts[place]} rows, too few to split; they were left out."
        for place in range(len(labels))
        if counts[place] < FEWEST_PER_CLASS
    ]
    return sorted(kept, key=lambda place: (float(labels[place]) if numeric else 0.0, labels[place])), notes
