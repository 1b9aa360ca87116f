"""Splits the rows as the problem asks: at random, by time, by group, or as a column says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.arrays import moments, numbers, texts
from inference.job import JobError
from processing_scripts.columns import Summary
from processing_scripts.fitting.spill import Spill
from processing_scripts.preparing.grouped import how_alike, split_by_group
from processing_scripts.preparing.settings import Split
from processing_scripts.preparing.splitting import (
    LEFT_OUT,
    SPLITS,
    TRAIN,
    Integers,
    Shares,
    Splits,
    mixed,
    split_by_class,
    split_by_time,
    split_by_unit,
    split_by_value,
)
from processing_scripts.preparing.target import Target
from processing_scripts.preparing.units import Digests, connected, digest_of_text, first_of_same

_NOT_SAID = 254
_LISTED = 3
_VERBS = ("train", "validate", "test")


@dataclass(frozen=True)
class Division:
    """The split of every row, the number of the first row of each row's unit (None without units), and notes."""

    splits: Splits
    first: Integers | None
    notes: list[str]


class Splitter:
    """Gathers what the split needs of the rows, then splits them.

    Args:
        split: What the problem asks for.
        summaries: What every column but the target holds.
        tokens: Texts that mean a missing cell.
        seed: What is drawn from.

    Raises JobError where the column does not hold what it must.
    """

    def __init__(self, split: Split, summaries: Mapping[str, Summary], tokens: frozenset[str], seed: int) -> None:
        self._split, self._tokens, self._seed = split, tokens, seed
        self._summary = summaries[split.column] if split.column is not None else None
        self._values = Spill(np.float64 if split.by == "time" else np.uint64)
        self._strange: dict[str, int] = {}
        if split.by == "time" and self._summary is not None and not _tells_time(self._summary):
            what = self._summary.why if self._is_date() else "holds neither dates nor numbers"
            raise JobError(f"rows cannot be split by the time in {split.column}: it {what}; write year-month-day.")

    def _is_date(self) -> bool:
        return self._summary is not None and self._summary.kind == "date"

    @property
    def reason(self) -> tuple[str, str] | None:
        """A column that nothing is learned from because rows are split by it, and why."""
        why = {"group": "names the group that a row is split by", "column": "says which part a row is in"}
        column = self._split.column
        return (column, why[self._split.by]) if column is not None and self._split.by in why else None

    def update(self, batch: Any) -> None:
        """Take more rows."""
        if self._summary is None:
            return
        cells = batch.column(self._summary.name)
        if self._split.by == "time":
            self._values.append(self._times(cells, self._summary))
            return
        codes, levels = texts(cells, self._tokens)
        read = self._part if self._split.by == "column" else digest_of_text
        self._values.append(np.array([*map(read, levels), 0], dtype=np.uint64)[codes])

    def _times(self, cells: Any, summary: Summary) -> NDArray[np.float64]:
        if self._is_date():
            return moments(cells, self._tokens, summary.day_first)[0]
        return numbers(cells, self._tokens, summary.decimal)[0]

    def _part(self, text: str) -> int:
        if text.lower() not in SPLITS:
            self._strange[text] = self._strange.get(text, 0) + 1
            return _NOT_SAID
        return SPLITS.index(text.lower()) + 1

    def finish(self, target: Target, same: Digests | None) -> Division:
        """Split the rows, of which `same` holds digests; None where nothing is learned that they could be compared by.

        Raises JobError where a part would have no row of a class, or none at all.
        """
        first = first_of_same(same) if same is not None and self._split.duplicates == "together" else None
        del same  # of many rows, the memory is needed
        there = ~np.isnan(target.values)
        notes = _repeated(first, there)
        if self._split.by == "random":
            splits = self._at_random(target, first)
        elif self._split.by == "group":
            splits, first, more = self._by_group(target, there, first)
            notes += more
        else:
            splits, more = self._by_time(there) if self._split.by == "time" else self._by_column(there)
            notes += [*more, *_without_repeats(splits, first)]
        _check(self._split, target, splits)
        return Division(splits, first, notes)

    @property
    def _shares(self) -> Shares:
        return Shares(self._split.validation, self._split.test)

    def _at_random(self, target: Target, first: Integers | None) -> Splits:
        if target.kind == "regression":
            return split_by_value(target.values, self._seed, self._shares, first)
        return split_by_class(_classes(target), self._seed, self._shares, first)

    def _by_time(self, there: NDArray[np.bool_]) -> tuple[Splits, list[str]]:
        times = self._values.read()
        lost = int(np.sum(there & np.isnan(times)))
        notes = [f"{lost} rows have no time in {self._split.column} and were left out."] if lost else []
        return split_by_time(times, there, self._shares), notes

    def _by_group(
        self, target: Target, there: NDArray[np.bool_], first: Integers | None
    ) -> tuple[Splits, Integers | None, list[str]]:
        groups = self._values.read()
        alone = groups == 0
        groups[alone] = mixed(np.flatnonzero(alone).astype(np.uint64) + np.uint64(1))
        count = int(np.sum(alone & there))
        notes = (
            [f"{count} rows name no group in {self._split.column}; each is taken as one by itself."] if count else []
        )
        units = connected([first_of_same(groups), first], groups.size)
        single = np.arange(groups.size, dtype=np.int64) if units is None else units
        if target.kind == "regression":
            return split_by_unit(there, self._seed, self._shares, single), units, notes
        classes = _classes(target)
        splits = split_by_group(classes, self._seed, self._shares, single)
        return splits, units, [*notes, how_alike(classes, splits, target.labels)]

    def _by_column(self, there: NDArray[np.bool_]) -> tuple[Splits, list[str]]:
        said = self._values.read()
        column = self._split.column
        if self._strange:
            shown = ", ".join(repr(text[:40]) for text in sorted(self._strange)[:_LISTED])
            raise JobError(f"the column {column} says {shown}, and must say {', '.join(SPLITS)} in every row.")
        lost = int(np.sum(there & (said == 0)))
        splits = np.where(there & (said > 0), said - 1, LEFT_OUT).astype(np.uint8)
        return splits, [f"{lost} rows say no part in {column} and were left out."] if lost else []


def _classes(target: Target) -> Integers:
    """The class of every row, -1 for one that is left out."""
    return np.nan_to_num(target.values, nan=-1.0).astype(np.int64)


def _tells_time(summary: Summary) -> bool:
    if summary.kind == "date":
        return not summary.why
    return summary.kind == "numeric" or (summary.kind == "identifier" and summary.minimum is not None)


def _repeated(first: Integers | None, there: NDArray[np.bool_]) -> list[str]:
    count = 0 if first is None else int(np.sum(there & (first != np.arange(first.size))))
    one = "1 row repeats" if count == 1 else f"{count} rows repeat"
    return [f"{one} an earlier one in all that is learned from; such rows are kept in one part."] if count else []


def _without_repeats(splits: Splits, first: Integers | None) -> list[str]:
    """Leave rows out that one of a later part repeats: what is tested on must not have been seen."""
    if first is None:
        return []
    latest = np.zeros(splits.size, dtype=np.uint8)
    np.maximum.at(latest, first, np.where(splits == LEFT_OUT, TRAIN, splits))
    out = (splits < latest[first]) & (splits != LEFT_OUT)
    splits[out] = LEFT_OUT
    count = int(out.sum())
    return [f"{count} rows were left out, since a row that is validated or tested on repeats them."] if count else []


def _check(split: Split, target: Target, splits: Splits) -> None:
    for place, name in enumerate(SPLITS):
        values = target.values[splits == place]
        if not values.size:
            raise JobError(f"no row is left to {_VERBS[place]} on: {_remedy(split, name)}")
        if target.kind == "regression":
            continue
        present = np.bincount(values.astype(np.int64), minlength=len(target.labels)) > 0
        if present.all() or (place != TRAIN and split.by != "random" and present.sum() > 1):
            continue
        absent = target.labels[int(np.flatnonzero(~present)[0])]
        raise JobError(f"the class {absent!r} of the target has no row to {_VERBS[place]} on: {_remedy(split, name)}")


def _remedy(split: Split, name: str) -> str:
    if split.by == "time":
        return f"give another share to `split.{'validation' if name == 'train' else name}`, or rows of more time."
    if split.by == "column":
        return f"let {split.column} say {name} in rows of every class."
    if split.by == "group":
        return f"there are too few groups in {split.column} that share no row with another; split by another column."
    return (
        "its rows are too often the same in all that is learned from. Write `duplicates: apart` under `split` "
        "if such rows are different things that happen to look alike."
    )
