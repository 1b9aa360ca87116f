"""The numbers of a target column, plain ones or as people write them (`$1,200`, `€1.200,00`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.arrays import numbers, texts
from inference.cells import parse_number, parse_written
from inference.job import JobError
from processing_scripts.columns.kinds import how_numbers_are_written

_MARKS = {".": "a point", ",": "a comma"}


@dataclass(frozen=True)
class Read:
    """What was read of a column.

    Attributes:
        values: The number in every row, NaN where there is none.
        strays: Texts that are neither numbers nor missing.
        decimal: What separates fractions where numbers are not plain; empty otherwise.
    """

    values: NDArray[np.float64]
    strays: frozenset[str]
    decimal: str = ""

    def notes(self, name: str) -> list[str]:
        """How the numbers of the column `name` were read, where that might be asked."""
        if not self.decimal:
            return []
        mark = _MARKS[self.decimal]
        return [f"The numbers of {name} are written as people write them; {mark} was read as what fractions follow."]


def read_numbers(name: str, cells: Any, tokens: frozenset[str]) -> Read:
    """Read a whole column of raw cells; raises JobError where what is written may mean two different numbers."""
    values, strays = numbers(cells, tokens)
    if not strays:
        return Read(values, strays)
    codes, labels = texts(cells, tokens)
    counts = dict(zip(labels, np.bincount(codes[codes >= 0], minlength=len(labels)).tolist(), strict=True))
    plain = sum(count for text, count in counts.items() if parse_number(text) is not None)
    decimal = how_numbers_are_written(counts, plain)
    if not decimal:
        return Read(values, strays)
    _refuse_two_meanings(name, counts)
    return Read(*numbers(cells, tokens, decimal), decimal)


def _refuse_two_meanings(name: str, counts: Mapping[str, int]) -> None:
    """A comma before three digits groups them; of a point before three digits, and no comma anywhere, nobody knows."""
    if any("," in text for text in counts):
        return
    read = {text: (parse_written(text, "."), parse_written(text, ",")) for text in counts if "." in text}
    known = {text: both for text, both in read.items() if both != (None, None)}
    if known and all(grouped is not None for _, grouped in known.values()):
        text, (fraction, grouped) = next(iter(known.items()))
        either = f"{grouped:,.10g}" if fraction is None else f"{fraction:,.10g} or {grouped:,.10g}"
        raise JobError(
            f"the target column {name} holds numbers such as {text[:40]!r}, of which nothing says whether that is "
            f"{either}; write plain numbers."
        )
