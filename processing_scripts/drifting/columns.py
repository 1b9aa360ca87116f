"""Compares one column of captured rows with the same column in training."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from inference.cells import cell_number, cell_text, is_missing
from inference.columns import numbers_among, spelling
from inference.dates import cell_moment
from processing_scripts.drifting.baseline import CategoricalBaseline, ColumnBaseline, DateBaseline, NumericBaseline
from processing_scripts.drifting.statistics import (
    Distance,
    bins,
    counts_in,
    kolmogorov_smirnov,
    population_stability,
    share_difference,
)

UNSEEN_SHOWN = 5
_SHOWN_CHARACTERS = 40


@dataclass(frozen=True)
class Thresholds:
    """How far a column may be from what it was, and how seldom chance alone may exceed that in one comparison."""

    psi: float
    ks: float
    missing: float
    unseen: float
    chance: float


@dataclass(frozen=True)
class Finding:
    """What was measured of a column, and a clause for each threshold that it exceeds."""

    name: str
    measures: dict[str, Any]
    drifted: list[str] = field(default_factory=list)


def compare(
    column: ColumnBaseline,
    cells: Sequence[Any],
    missing_tokens: frozenset[str],
    thresholds: Thresholds,
) -> Finding:
    """Return what has become of a column."""
    if isinstance(column, NumericBaseline):
        return _numeric(column, cells, missing_tokens, thresholds)
    if isinstance(column, DateBaseline):
        return _dates(column, cells, missing_tokens, thresholds)
    return _categorical(column, cells, missing_tokens, thresholds)


def _numeric(column: NumericBaseline, cells: Sequence[Any], tokens: frozenset[str], most: Thresholds) -> Finding:
    numbers, other = _numbers(column, cells, tokens)
    present = column.rows - column.missing
    edges, shares = bins(column.values, column.shares)
    psi = population_stability(shares * present, counts_in(edges, numbers))
    ks = kolmogorov_smirnov(column.values, column.shares, present, numbers)
    missing, missing_clause = _missing(column, len(cells) - numbers.size - other, len(cells), most)
    finding = Finding(column.name, {"type": "numeric", "psi": psi.value, "ks": ks.value, **missing, "no_number": other})
    finding.drifted.extend(
        [
            *_beyond("PSI", psi, most.psi, most.chance),
            *_beyond("KS", ks, most.ks, most.chance),
            *missing_clause,
        ]
    )
    if cells and other / len(cells) > most.unseen:
        finding.drifted.append(f"{other / len(cells):.0%} are no numbers")
    return finding


def _numbers(column: NumericBaseline, cells: Sequence[Any], tokens: frozenset[str]) -> tuple[Any, int]:
    """The sorted numbers in cells, and how many cells are neither a number nor missing."""
    gaps = numbers_among(tokens)
    found, other = [], 0
    for cell in cells:
        if is_missing(cell, tokens) or (isinstance(cell, str) and cell.strip() in column.also_missing):
            continue
        number = None if isinstance(cell, list | dict) else cell_number(cell, column.decimal)
        if number is None:
            other += 1
        elif number not in gaps:
            found.append(number)
    return np.sort(np.array(found, dtype=np.float64)), other


def _dates(column: DateBaseline, cells: Sequence[Any], tokens: frozenset[str], most: Thresholds) -> Finding:
    """What is missing or no date any more. How many are before or after those of training is measured, and no drift."""
    found, other = [], 0
    for cell in cells:
        if is_missing(cell, tokens) or (isinstance(cell, str) and cell.strip() in column.also_missing):
            continue
        moment = None if isinstance(cell, list | dict) else cell_moment(cell, column.day_first)
        found += [] if moment is None else [moment]
        other += moment is None
    missing, missing_clause = _missing(column, len(cells) - len(found) - other, len(cells), most)
    measures: dict[str, Any] = {"type": "date", **missing, "no_date": other}
    if column.span is not None and found:
        first, last = column.span
        measures["before_training"] = sum(moment < first for moment in found) / len(found)
        measures["after_training"] = sum(moment > last for moment in found) / len(found)
    finding = Finding(column.name, measures, missing_clause)
    if cells and other / len(cells) > most.unseen:
        finding.drifted.append(f"{other / len(cells):.0%} are no dates")
    return finding


def _categorical(
    column: CategoricalBaseline, cells: Sequence[Any], tokens: frozenset[str], most: Thresholds
) -> Finding:
    spell = spelling(column.name, boolean=column.boolean, hashed=column.hashed)
    counts = Counter(spell(cell) for cell in cells if not is_missing(cell, tokens))
    present = sum(counts.values())
    unseen = {level: count for level, count in counts.items() if level not in column.levels}
    strange = sum(unseen.values())
    before = np.array([*column.levels.values(), column.others], dtype=np.float64)
    after = np.array([*(counts[level] for level in column.levels), strange], dtype=np.float64)
    psi = population_stability(*_in_bins(before, after))
    missing, missing_clause = _missing(column, len(cells) - present, len(cells), most)
    # Where rare levels were not counted by name, those that are new cannot be told from them.
    share = strange / present if present and not column.others else 0.0
    shown = sorted(unseen, key=lambda level: (-unseen[level], level))[:UNSEEN_SHOWN]
    finding = Finding(
        column.name,
        {
            "type": "categorical",
            "psi": psi.value,
            **missing,
            "unseen": share,
            "unseen_levels": [] if column.others else [cell_text(level)[:_SHOWN_CHARACTERS] for level in shown],
        },
    )
    finding.drifted.extend(_beyond("PSI", psi, most.psi, most.chance))
    if share > most.unseen:
        finding.drifted.append(f"{share:.0%} in levels that training did not have")
    finding.drifted.extend(missing_clause)
    return finding


def _in_bins(before: Any, after: Any) -> tuple[Any, Any]:
    """Put rare levels into one bin: those that fewer than a hundredth of the rows had."""
    rare = before < 0.01 * before.sum()
    return tuple(np.append(counts[~rare], counts[rare].sum()) for counts in (before, after))  # type: ignore[return-value]


def _missing(column: ColumnBaseline, missing: int, rows: int, most: Thresholds) -> tuple[dict[str, float], list[str]]:
    distance = share_difference(column.missing, column.rows, missing, rows)
    now, before = missing / rows if rows else 0.0, column.missing / column.rows if column.rows else 0.0
    clause = f"{now:.0%} missing, {before:.0%} in training"
    drifted = distance.value > most.missing and distance.chance < most.chance
    return {"missing": now, "missing_in_training": before}, [clause] if drifted else []


def _beyond(name: str, distance: Distance, most: float, chance: float) -> list[str]:
    return [f"{name} {distance.value:.2f}"] if distance.value > most and distance.chance < chance else []
