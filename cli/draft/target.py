"""What the target makes of the problem: its kind, its metric, a modest threshold, the class to look for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cli.draft.errors import DraftError
from cli.draft.wording import count, number, quoted, share
from inference.cells import missing_tokens
from inference.job import JobError
from processing_scripts.columns import Summary
from processing_scripts.preparing.target import FEWEST_PER_CLASS, MAX_INTEGER_CLASSES, decide

METRICS = {"binary": "auc", "multiclass": "accuracy", "regression": "rmse"}
RARE_CLASS = 30
"""Rows of a class below which its tenth in the test set says little."""
IMBALANCED = 0.1
"""The share of the rarer class of two below which accuracy misleads."""
DOMINANT = 0.75
"""The share of one class of several above which accuracy misleads."""
BETTER_THAN_GUESSING = 0.05
"""The part of the way from guessing to perfection that the drafted threshold asks for."""


@dataclass(frozen=True)
class Goal:
    """What is to be predicted, and how good is good enough.

    Attributes:
        kind: Of the problem.
        metric: By which it is measured.
        threshold: For that metric.
        why_threshold: What guessing would give.
        positive: The class to look for in a binary problem.
        missing: Texts in the target that are to be read as missing.
        values: Class index or number of every row, NaN for none.
        described: What the target holds, a sentence.
        notes: What a person should know about it.
    """

    kind: str
    metric: str
    threshold: float
    why_threshold: str
    positive: str | None
    missing: tuple[str, ...]
    values: NDArray[np.float64]
    described: str
    notes: tuple[str, ...]


def goal_of(summary: Summary, cells: Any) -> Goal:
    """Work out what predicting a column means.

    Raises:
        DraftError: Nothing can be learned about it.
    """
    if summary.kind == "date":
        raise DraftError(
            f"The target {summary.name} holds dates, and only classes and numbers can be predicted. Make a number of "
            f"it in the data, such as days from a fixed date, or choose another target."
        )
    kind = _kind(summary)
    missing = tuple(text for text, _ in summary.strays) if kind == "regression" else ()
    try:
        decided = decide(
            summary.name,
            cells,
            missing_tokens(missing, target=True),
            kind=kind,
            metric=METRICS[kind],
            positive=None,
        )
    except JobError as error:
        sentence = str(error)
        raise DraftError(sentence[0].upper() + sentence[1:]) from error
    notes = _missing_notes(summary, missing)
    if kind == "regression":
        return _regression(decided.values, missing, notes)
    return _classification(summary, kind, decided.labels, decided.values, notes)


def _kind(summary: Summary) -> str:
    if summary.minimum is None:
        return "binary" if summary.distinct == 2 else "multiclass"
    numeric = summary.distinct - len(summary.strays)
    if summary.strays and numeric <= MAX_INTEGER_CLASSES:
        return "multiclass"
    if numeric == 2:
        return "binary"
    return "multiclass" if summary.whole and numeric <= MAX_INTEGER_CLASSES else "regression"


def _missing_notes(summary: Summary, strays: Sequence[str]) -> list[str]:
    notes = []
    if summary.missing:
        notes.append(f"{count(summary.missing, 'row')} have no value in {summary.name}; they are left out.")
    if strays:
        notes.append(
            f"{summary.name} holds numbers but for {', '.join(map(quoted, strays[:3]))}; "
            f"these are listed under `missing`, so that their rows are left out."
        )
    return notes


def _regression(values: NDArray[np.float64], missing: tuple[str, ...], notes: list[str]) -> Goal:
    there = values[~np.isnan(values)]
    deviation = float(there.std())
    threshold = _rounded(deviation * (1 - BETTER_THAN_GUESSING))
    return Goal(
        kind="regression",
        metric="rmse",
        threshold=threshold,
        why_threshold=f"always predicting the mean, {number(float(there.mean()))}, gives about {number(deviation)}",
        positive=None,
        missing=missing,
        values=values,
        described=(
            f"numbers from {number(float(there.min()))} to {number(float(there.max()))}, "
            f"{number(float(np.median(there)))} in the middle"
        ),
        notes=tuple(notes),
    )


def _classification(
    summary: Summary, kind: str, labels: Sequence[str], values: NDArray[np.float64], notes: list[str]
) -> Goal:
    counts = np.bincount(values[~np.isnan(values)].astype(np.int64), minlength=len(labels))
    ranked = sorted(zip(labels, counts.tolist(), strict=True), key=lambda item: -item[1])
    total = int(counts.sum())
    common = ranked[0][1] / total
    notes += _class_notes(summary, ranked, total)
    metric, guess = METRICS[kind], common
    if kind == "binary":
        threshold, why = 0.6, "0.5 is guessing, 1 is perfect"
    else:
        if common > DOMINANT:
            metric, guess = "f1_macro", 2 * common / (1 + common) / len(labels)
        threshold = _rounded(guess + BETTER_THAN_GUESSING * (1 - guess))
        why = f"always answering {quoted(ranked[0][0])} gives {number(guess)}"
    described = ", ".join(f"{quoted(label)} {share(rows, total)}" for label, rows in ranked[:6])
    return Goal(
        kind=kind,
        metric=metric,
        threshold=threshold,
        why_threshold=why,
        positive=labels[1] if kind == "binary" else None,
        missing=(),
        values=values,
        described=f"{len(labels)} classes: {described}{', …' if len(ranked) > 6 else ''}",
        notes=tuple(notes),
    )


def _class_notes(summary: Summary, ranked: Sequence[tuple[str, int]], total: int) -> list[str]:
    notes = []
    left_out = [(label, rows) for label, rows in summary.top if rows < FEWEST_PER_CLASS]
    if left_out and len(ranked) < summary.distinct:
        shown = ", ".join(f"{quoted(label)} ({rows})" for label, rows in left_out[:5])
        notes.append(
            f"Rare classes of {summary.name}, with fewer than {FEWEST_PER_CLASS} rows, are left out: {shown}; "
            f"add rows, or join them to another class."
        )
    rare = [f"{quoted(label)} ({rows})" for label, rows in reversed(ranked) if rows < RARE_CLASS]
    if rare:
        more = ", …" if len(rare) > 5 else ""
        notes.append(
            f"Rare classes of {summary.name}: {', '.join(rare[:5])}{more}. A tenth of so few rows in the test set says "
            f"little about them."
        )
    if len(ranked) == 2 and ranked[-1][1] < IMBALANCED * total:
        notes.append(
            f"Only {share(ranked[-1][1], total)} of the rows are {quoted(ranked[-1][0])}: accuracy would say little, "
            f"and AUC does not mind."
        )
    if len(ranked) > 2 and ranked[0][1] > DOMINANT * total:
        notes.append(
            f"{share(ranked[0][1], total)} of the rows are {quoted(ranked[0][0])}: accuracy would say little, so the "
            f"metric is f1_macro, which counts every class alike."
        )
    if summary.minimum is not None and len(ranked) > 2:
        notes.append(
            f"{summary.name} holds {len(ranked)} whole numbers, read as classes; if they measure something, "
            f"write `kind: regression` and `metric: rmse`."
        )
    return notes


def _rounded(value: float) -> float:
    """Return a number with two significant digits, as a person would write it."""
    return float(f"{value:.2g}")
