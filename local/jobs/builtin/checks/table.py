"""Reads the CSV files of a check: texts by column, numbers where a column has nothing else."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

_WHOLE = re.compile(r"[+-]?\d+")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


class CheckError(ValueError):
    """Data or settings that a check cannot go on with; the message is a sentence."""


@dataclass(frozen=True)
class Column:
    """One column; an empty field is missing."""

    name: str
    texts: list[str]

    @cached_property
    def present(self) -> list[str]:
        """The fields that are there."""
        return [text for text in self.texts if text != ""]

    @cached_property
    def kind(self) -> str:
        """The type as the monitoring images name it: Integral, Fractional, String or Unknown."""
        if not self.present:
            return "Unknown"
        if all(_WHOLE.fullmatch(text) for text in self.present):
            return "Integral"
        return "Fractional" if all(_NUMBER.fullmatch(text) for text in self.present) else "String"

    @cached_property
    def numbers(self) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """The numbers that are there."""
        return np.array([float(text) for text in self.present], dtype=np.float64)


def read(place: Path, *, header: bool, names: Sequence[str] = ()) -> list[Column]:
    """Read a file, or every file of a folder, as one table.

    Raises:
        CheckError: there are no rows, or a row has another number of fields.
    """
    files = sorted(path for path in place.rglob("*") if path.is_file()) if place.is_dir() else [place]
    rows: list[list[str]] = []
    titles = list(names)
    for path in files:
        with path.open(newline="", encoding="utf-8") as handle:
            found = [row for row in csv.reader(handle) if row]
        if header and found:
            titles = titles or [title.strip() for title in found[0]]
            found = found[1:]
        rows += found
    if not rows:
        message = "The dataset of the check has no rows."
        raise CheckError(message)
    # As Spark names the columns of files without a header.
    titles = titles or [f"_c{index}" for index in range(len(rows[0]))]
    uneven = next((index for index, row in enumerate(rows) if len(row) != len(titles)), None)
    if uneven is not None:
        message = (
            f"Row {uneven + 1} of the dataset has {len(rows[uneven])} fields, and there are {len(titles)} columns."
        )
        raise CheckError(message)
    return [Column(title, [row[index].strip() for row in rows]) for index, title in enumerate(titles)]
