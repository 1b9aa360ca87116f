"""A column of categories: gathered from all rows, fitted on the training rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.arrays import texts
from inference.columns import Categorical, Column, Encoded, Ignored, spelling
from processing_scripts.drifting.baseline import LevelCounts
from processing_scripts.fitting.categorical import MAX_LEVELS, CategoricalFit
from processing_scripts.fitting.encoding import FEWEST_ROWS, FoldTable, encode_by_frequency, encode_by_target
from processing_scripts.fitting.spill import Spill
from processing_scripts.preparing.training import FOLDS, Training
from processing_scripts.preparing.units import MISSING, Digests, digest_of_text

MOST_KNOWN = 500_000
"""Levels known by name; those that come after so many are taken together."""
BEYOND = "…"
"""The level of those that come after."""


class CategoricalColumn:
    """Gathers a column of categories; in a `boolean` one each spelling of yes is one level.

    Levels of a `personal` one are known by their digests from the start, so that nothing that is written shows them.
    """

    def __init__(self, name: str, tokens: frozenset[str], *, boolean: bool = False, personal: bool = False) -> None:
        self._name = name
        self._tokens = tokens
        self._boolean = boolean
        self._hashed = personal and not boolean
        self._spell = spelling(name, boolean=boolean, hashed=self._hashed)
        self._codes = Spill(np.int32)
        self._known: dict[str, int] = {}
        self._digests: list[int] = []
        self.fold_table: FoldTable | None = None

    def update(self, cells: Any) -> Digests | None:
        """Take more rows; return digests of their cells."""
        codes, levels = texts(cells, self._tokens, self._spell)
        table = np.array([*map(self._code, levels), -1], dtype=np.int32)
        self._codes.append(table[codes])
        digests = [self._digests[code] if level in self._known else digest_of_text(level)
                   for code, level in zip(table.tolist(), levels, strict=False)]  # fmt: skip
        return np.array([*digests, MISSING], dtype=np.uint64)[codes]

    def _code(self, level: str) -> int:
        code = self._known.get(level)
        if code is None:
            if len(self._known) >= MOST_KNOWN:
                return self._known.get(BEYOND, MOST_KNOWN - 1)
            name = BEYOND if len(self._known) == MOST_KNOWN - 1 else level
            code = self._known.setdefault(name, len(self._known))
            if code == len(self._digests):
                self._digests.append(digest_of_text(name))
        return code

    def finish(self, training: Training) -> Column:
        """What was fitted; where it is by the target, `fold_table` holds what training rows are given."""
        found = self._fitted(training)
        return replace(found, hashed=self._hashed) if isinstance(found, Categorical | Encoded) else found

    def _fitted(self, training: Training) -> Column:
        codes, levels = self.cells()
        codes = codes[training.rows]
        fit = CategoricalFit()
        fit.update(codes, levels)
        found = fit.finish(self._name, boolean=self._boolean)
        how = training.settings.encoding
        if isinstance(found, Ignored) or how == "one_hot" or not self._is_many(codes):
            return found
        outputs, targets = training.numbers
        if how == "frequency" or not outputs:
            return encode_by_frequency(self._name, codes, levels)
        folds = training.folds[training.rows]
        encoded, self.fold_table = encode_by_target(
            self._name, codes, levels, targets, outputs, folds, FOLDS, training.settings.smoothing
        )
        return encoded

    def _is_many(self, codes: NDArray[np.int64]) -> bool:
        counts = np.bincount(codes[codes >= 0])
        return int(np.sum(counts >= FEWEST_ROWS)) > MAX_LEVELS

    def cells(self) -> tuple[NDArray[np.int64], list[str]]:
        """Codes of all rows, -1 for missing ones, and the levels that they are of."""
        return self.codes(), self.levels

    def codes(self) -> NDArray[np.int64]:
        """Codes of all rows, -1 for missing ones."""
        return self._codes.read().astype(np.int64)

    def part(self, start: int, stop: int) -> NDArray[np.int64]:
        """Codes of some rows, of the levels that `cells` gives."""
        return self._codes.part(start, stop).astype(np.int64)

    @property
    def levels(self) -> list[str]:
        """The levels that codes are of."""
        return list(self._known)

    def baseline(self) -> dict[str, Any]:
        """What drift is measured against."""
        counts = LevelCounts()
        counts.update(*self.cells())
        spelled = {"boolean": True} if self._boolean else {"hashed": True} if self._hashed else {}
        return {"name": self._name, **spelled, **counts.finish()}
