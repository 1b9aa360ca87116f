"""Writes what a model found as the body of an answer, in the format and with the members that were asked for.

Numbers have the fewest digits that give the same 32-bit number back; none is ever NaN or infinite.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.accept import EXPLANATION, LABEL, SCORE, Wanted
from inference.features import Features
from inference.formats import csv_text, npy
from inference.formats.json_text import quoted
from inference.formats.table import RequestError
from inference.media_types import CSV, JSON, NPY
from inference.reader import layout
from inference.reader.layout import END, LARGEST, OTHER

_BRIEF = (((LABEL, SCORE), "binary"), ((SCORE,), "regression"))
_GAP = "\0"
_NOT_FINITE = "the model's answer to a row is not a finite number."

Explained = tuple[NDArray[np.float32], NDArray[np.float32]]
"""Baselines, (rows,), and contributions, (rows, columns)."""


class Writer:
    """Writes answers of one form. Built once for each form that is asked for."""

    def __init__(self, features: Features, wanted: Wanted, columns: Sequence[str]) -> None:
        self.wanted = wanted
        self._kind = features.kind
        self._threshold = np.float32(features.threshold)
        self._labels = features.labels
        self._columns = columns
        self._names = np.array(features.labels)
        self._quoted = [quoted(label) for label in features.labels]
        self._cells = [csv_text.cell(label) for label in features.labels]
        self._separated = ",".join(["%s"] * sum(map(self._width, wanted.members))) + "\n"
        self._object = "{" + ", ".join(map(self._template, wanted.members)) + "}"
        # Most requests hold one row and want what is told by default: all but its number is written beforehand.
        self._brief = wanted.type != NPY and (wanted.members, features.kind) in _BRIEF
        form, labels = (self._separated, self._cells) if wanted.type == CSV else (self._object, self._quoted)
        told = [label.replace("%", "%%") for label in labels] if LABEL in wanted.members else ["", ""]
        self._lines = [form % ((label, "%s") if label else "%s") for label in told] if self._brief else []

    def part(self, scores: NDArray[np.float32], explained: Explained | None = None) -> Any:
        """A block of rows as it stands in the body; raises RequestError, 500, for a score that is no number."""
        if self._brief and len(scores) == 1:
            return self._one(scores[0])
        if not all(np.isfinite(values).all() for values in (scores, *(explained or ()))):
            raise RequestError(_NOT_FINITE, 500)
        if self.wanted.type == NPY:
            return self._array(scores, explained)
        texts = self._texts(scores, explained, self.labels)
        if self.wanted.type == CSV:
            return "".join(map(self._separated.__mod__, texts))
        return ("\n" if self.wanted.type != JSON else ", ").join(map(self._object.__mod__, texts))

    def _one(self, score: np.float32) -> str:
        """The answer to one row, where it is a label and a probability, or a number."""
        if not math.isfinite(score):
            raise RequestError(_NOT_FINITE, 500)
        return self._lines[int(score >= self._threshold)] % score

    @property
    def labels(self) -> Sequence[str]:
        """The labels as they stand in the body."""
        return self._cells if self.wanted.type == CSV else self._quoted

    @property
    def pieces(self) -> list[tuple[str, int]]:
        """The body of an answer to one row: texts, each with what follows it by `inference.reader.layout`.

        Empty where the body is no text, or says more than scores and labels.
        """
        if self.wanted.type == NPY or self.wanted.explained:
            return []
        follow = [each for member in self.wanted.members for each in self._outputs(member)]
        row = self._separated if self.wanted.type == CSV else self._object
        texts = self.whole([row % ((_GAP,) * len(follow))])
        assert isinstance(texts, str)  # noqa: S101  # all but arrays are
        parts = texts.split(_GAP)
        return list(zip(parts, [*follow, END], strict=True)) if len(parts) == len(follow) + 1 else []

    def _outputs(self, member: str) -> Sequence[int]:
        """What stands for a member, in the order of its values."""
        several = self._kind == "multiclass"
        if member == LABEL:
            return [layout.LABEL]
        if member == SCORE:
            return [LARGEST if several else 0]
        return range(len(self._labels)) if several else [OTHER, 0]

    def whole(self, parts: Sequence[Any]) -> str | bytes:
        """The body of all parts."""
        if self.wanted.type == NPY:
            return npy.write(np.concatenate(parts))
        if self.wanted.type == CSV:
            return (self._header() if self.wanted.header else "") + "".join(parts)
        if self.wanted.type == JSON:
            return '{"predictions": [' + ", ".join(parts) + "]}"
        return "\n".join(parts) + "\n"

    def _width(self, member: str) -> int:
        if member == EXPLANATION:
            return 1 + len(self._columns)
        return 1 if member in (LABEL, SCORE) else len(self._labels)

    def _template(self, member: str) -> str:
        """A member of a row's object, with %s where its values belong."""
        if member in (LABEL, SCORE):
            return f'"{member}": %s'
        if member == EXPLANATION:
            return f'"{member}": {{"baseline": %s, "contributions": {_object(self._columns)}}}'
        return f'"{member}": {_object(self._labels)}'

    def _texts(
        self, scores: NDArray[np.float32], explained: Explained | None, labels: Sequence[str]
    ) -> Iterable[tuple[str, ...]]:
        """The values of each row as texts, in order."""
        values: list[Iterable[str]] = []
        for member in self.wanted.members:
            if member == LABEL:
                values.append([labels[place] for place in self._places(scores)])
            else:
                values += [map(str, column) for column in self._numbers(member, scores, explained)]
        return zip(*values, strict=True)

    def _numbers(
        self, member: str, scores: NDArray[np.float32], explained: Explained | None
    ) -> list[NDArray[np.float32]]:
        if member == EXPLANATION and explained is not None:
            baselines, contributions = explained
            return [baselines, *contributions.T]
        if member == SCORE:
            return [scores.max(axis=1) if self._kind == "multiclass" else scores]
        return list(scores.T) if self._kind == "multiclass" else [np.float32(1.0) - scores, scores]

    def _places(self, scores: NDArray[np.float32]) -> list[int]:
        if scores.ndim == 2:
            best: list[int] = np.argmax(scores, axis=1).tolist()
            return best
        called: list[int] = (scores >= self._threshold).astype(np.int64).tolist()
        return called

    def _array(self, scores: NDArray[np.float32], explained: Explained | None) -> NDArray[Any]:
        if self.wanted.members == (LABEL,):
            return self._names[self._places(scores)]
        columns = [column for member in self.wanted.members for column in self._numbers(member, scores, explained)]
        return columns[0] if len(columns) == 1 else np.column_stack(columns)

    def _header(self) -> str:
        names: list[str] = []
        for member in self.wanted.members:
            if member == EXPLANATION:
                names += ["baseline", *self._columns]
            else:
                names += [member] if self._width(member) == 1 else self._labels
        return ",".join(map(csv_text.cell, names)) + "\n"


def _object(names: Sequence[str]) -> str:
    """The template of an object with these members."""
    return "{" + ", ".join(quoted(name).replace("%", "%%") + ": %s" for name in names) + "}"
