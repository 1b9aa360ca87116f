"""baseline.json: what the columns held when the model was trained, small and exact where it is looked at."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.features import Features
from inference.job import JobError
from processing_scripts.fitting.numeric import rounded_down, rounded_up

BASELINE_FILE = "baseline.json"
FORMAT_VERSION = 1
MOST_LEVELS = 1_000
"""Levels that are counted by name; what else there was is counted together."""
_STEPS = 100

NUMERIC, CATEGORICAL, DATE = "numeric", "categorical", "date"


def baseline(features: Features, columns: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The content of baseline.json. It holds what reading captured rows takes, so that it needs no other file."""
    return {
        "format_version": FORMAT_VERSION,
        "names": features.names,
        "target": features.target,
        "missing_tokens": sorted(features.missing),
        "columns": list(columns),
    }


def numeric_baseline(values: NDArray[np.float64], rows: int, *, coarse: bool = False) -> dict[str, Any]:
    """The distribution of a column's sorted numbers: the share of them that is at most each of some of them.

    Or, if it is to be `coarse`, at most each of some rounded numbers, which need not be any row's.
    """
    wanted = np.linspace(0, 1, _STEPS + 1)
    # Of sorted numbers these are numpy's quantiles by `inverted_cdf`, which would sort them again.
    places = np.maximum(np.ceil(values.size * wanted - 1), 0).astype(np.int64)
    grid = np.unique(values[places]) if values.size else values
    if coarse and values.size:
        inner = [float(f"{value:.1e}") for value in grid.tolist()]
        grid = np.unique([rounded_down(float(values[0])), *inner, rounded_up(float(values[-1]))])
    shares = np.searchsorted(values, grid, side="right") / max(values.size, 1)
    return {
        "type": NUMERIC,
        "rows": rows,
        "missing": rows - values.size,
        "values": grid.tolist(),
        "shares": shares.tolist(),
    }


class LevelCounts:
    """Counts a column's levels; the order of updates does not matter."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._rows = 0

    def update(self, codes: NDArray[np.int64], levels: Sequence[str]) -> None:
        """Take more cells, as `inference.arrays.texts` gives them."""
        counts = np.bincount(codes + 1, minlength=len(levels) + 1)[1:].tolist()
        self._rows += codes.size
        for level, count in zip(levels, counts, strict=True):
            if count:
                self._counts[level] += count

    def finish(self) -> dict[str, Any]:
        """The counts of the most frequent levels, ties by their text."""
        ranked = sorted(self._counts.items(), key=lambda item: (-item[1], item[0]))
        present = sum(self._counts.values())
        return {
            "type": CATEGORICAL,
            "rows": self._rows,
            "missing": self._rows - present,
            "levels": dict(ranked[:MOST_LEVELS]),
            "others": sum(count for _, count in ranked[MOST_LEVELS:]),
        }


@dataclass(frozen=True)
class NumericBaseline:
    """A column of numbers: `shares` gives the share of its present numbers that is at most each of `values`."""

    name: str
    rows: int
    missing: int
    also_missing: frozenset[str]
    values: NDArray[np.float64]
    shares: NDArray[np.float64]
    decimal: str = ""
    """How numbers are written, as for `inference.cells.parse_written`; empty for plain ones."""


@dataclass(frozen=True)
class CategoricalBaseline:
    """A column of categories: counts by level, and of what was not counted by name."""

    name: str
    rows: int
    missing: int
    levels: Mapping[str, int]
    others: int
    boolean: bool = False
    """Whether the levels are `true` and `false`, however cells spell them."""
    hashed: bool = False
    """Whether the levels are digests, the column being personal."""


@dataclass(frozen=True)
class DateBaseline:
    """A column of dates: what is missing, how dates are written, and the range of them unless that is personal.

    That dates go on is no drift, so their distribution is not compared.
    """

    name: str
    rows: int
    missing: int
    also_missing: frozenset[str]
    day_first: bool | None
    span: tuple[float, float] | None


ColumnBaseline = NumericBaseline | CategoricalBaseline | DateBaseline


@dataclass(frozen=True)
class Baseline:
    """What was there in training, and how raw rows are read: the columns' names in order, the missing tokens."""

    names: tuple[str, ...]
    target: str
    missing_tokens: frozenset[str]
    columns: tuple[ColumnBaseline, ...]


def load_baseline(folder: Path) -> Baseline | None:
    """Read the baseline.json in a folder; None where there is none, since no model was approved yet.

    Raises JobError where it is not what this code writes.
    """
    path = folder / BASELINE_FILE
    if not path.is_file():
        return None
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        if raw["format_version"] != FORMAT_VERSION:
            raise JobError(f"{BASELINE_FILE} has format version {raw['format_version']!r}, this code reads "
                           f"{FORMAT_VERSION}; train the model again.")  # fmt: skip
        return Baseline(
            names=tuple(map(str, raw["names"])),
            target=str(raw["target"]),
            missing_tokens=frozenset(map(str, raw["missing_tokens"])),
            columns=tuple(map(_column, raw["columns"])),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise JobError(f"{BASELINE_FILE} does not hold what Prepare writes; train the model again.") from error


def _column(raw: Mapping[str, Any]) -> ColumnBaseline:
    name, rows, missing = str(raw["name"]), int(raw["rows"]), int(raw["missing"])
    if raw["type"] == CATEGORICAL:
        levels = {str(level): int(count) for level, count in raw["levels"].items()}
        spelt = {key: raw.get(key) is True for key in ("boolean", "hashed")}
        return CategoricalBaseline(name, rows, missing, levels, int(raw["others"]), **spelt)
    if raw["type"] == DATE:
        span = (float(raw["first"]), float(raw["last"])) if "first" in raw else None
        first = raw["day_first"]
        return DateBaseline(name, rows, missing, frozenset(map(str, raw["also_missing"])),
                            None if first is None else bool(first), span)  # fmt: skip
    values, shares = (np.array(raw[key], dtype=np.float64) for key in ("values", "shares"))
    if raw["type"] != NUMERIC or values.ndim != 1 or values.shape != shares.shape or np.any(np.diff(values) <= 0):
        raise ValueError(name)
    strays, decimal = frozenset(map(str, raw["also_missing"])), str(raw.get("decimal", ""))
    if decimal not in ("", ".", ","):
        raise ValueError(name)
    return NumericBaseline(name, rows, missing, strays, values, shares, decimal)
