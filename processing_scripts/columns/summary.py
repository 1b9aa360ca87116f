"""The summary of one column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import compute

from inference.arrays import plain_numbers
from inference.cells import DEFAULT_MISSING, parse_number
from processing_scripts.columns import kinds
from processing_scripts.columns.cells import holds_texts, is_text, numbers, plain, present, value_set
from processing_scripts.columns.counts import Counts
from processing_scripts.columns.kinds import Kind
from processing_scripts.columns.moments import Moments
from processing_scripts.fitting.spill import Spill

TOP = 20
COUNTED_CELLS = 32_768
"""Present cells after which it is asked whether a column of numbers is worth counting by value."""
_FEW_DIFFERENT = 0.5
"""The share of different texts among cells up to which each is looked at once, rather than every cell."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a whole column holds.

    Attributes:
        name: The column.
        rows: All its cells.
        missing: Cells without a value.
        distinct: Different values; at least so many when `capped`.
        capped: Whether there are more different values than were counted.
        kind: What the column is.
        why: The reason for an identifier, or why dates cannot be read, a clause without a subject of its own; otherwise
            empty.
        top: The most frequent values with their counts.
        strays: Texts in a column of numbers with their counts, the most frequent ones.
        minimum: The least number; None where the column is not numeric, as for the next four.
        maximum: The greatest number.
        mean: The mean of the numbers.
        deviation: Their standard deviation.
        whole: Whether all of them are whole.
        decimal: How the numbers are written where they are not plain, as for `inference.cells.parse_written`.
        day_first: Whether the day comes first in dates that start with neither the year nor a name.
    """

    name: str
    rows: int
    missing: int
    distinct: int
    capped: bool
    kind: Kind
    why: str
    top: tuple[tuple[str, int], ...]
    strays: tuple[tuple[str, int], ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    mean: float | None = None
    deviation: float | None = None
    whole: bool | None = None
    decimal: str = ""
    day_first: bool | None = None

    @property
    def present(self) -> int:
        """Cells that hold a value."""
        return self.rows - self.missing


class ColumnSummary:
    """Summarises a column that comes in pieces: `update` with each, `merge` with other parts, `finish`.

    Args:
        name: The column.
        missing_tokens: Texts that mean a missing cell; a number among them is missing however it is spelt.
        decoded: Takes the numbers of all cells, NaN for missing ones, so that they need not be read again.

    Attributes:
        decoded: The same; None once a cell was neither a plain number nor missing.
    """

    def __init__(
        self, name: str, missing_tokens: Iterable[str] = DEFAULT_MISSING, decoded: Spill | None = None
    ) -> None:
        self.name = name
        self.decoded = decoded
        self._tokens = frozenset(missing_tokens)
        self._numeric_tokens = frozenset(
            number for token in self._tokens if (number := parse_number(token)) is not None
        )
        self._rows = 0
        self._present = 0
        self._counts = Counts()
        self._moments = Moments()
        self._texts = Counts()
        self._temporal = False
        self._native_boolean = False
        self._skipping = False

    def update(self, array: pa.Array) -> None:
        """Take in cells as the table reader gives them."""
        found = None if pa.types.is_boolean(array.type) else plain_numbers(array, self._tokens)
        if found is not None:
            self._take_numbers(array, found)
            return
        self.decoded = None
        if self._texts.values and holds_texts(array) and self._take_texts(array):
            return
        cells = present(plain(array), self._tokens, self._numeric_tokens)
        values = numbers(cells)
        if self._numeric_tokens and is_text(cells):
            kept = ~np.isin(values, list(self._numeric_tokens))
            cells, values = cells.filter(pa.array(kept)), values[kept]
        self._rows += len(array)
        self._present += len(cells)
        self._count(lambda: cells, values)
        is_number = np.isfinite(values)
        self._moments.update(values[is_number])
        if pa.types.is_temporal(cells.type):
            self._temporal = True
        elif not is_number.all():
            self._texts.update(cells.filter(pa.array(~is_number)))
        self._native_boolean = self._native_boolean or pa.types.is_boolean(cells.type)

    def _take_numbers(self, array: pa.Array, found: NDArray[np.float64]) -> None:
        """Take in cells that are all plain numbers or missing."""
        if self.decoded is not None:
            self.decoded.append(found)
        there = ~np.isnan(found)
        values = found[there]
        self._rows += found.size
        self._present += values.size
        self._moments.update(values)
        self._count(lambda: plain(array).filter(pa.array(there)), values)

    def _take_texts(self, array: pa.Array) -> bool:
        """Take in texts of which none is a number, looking at each different one once; False where that gains nothing.

        It leaves what looking at each cell would leave.
        """
        encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
        if len(encoded.dictionary) > _FEW_DIFFERENT * len(array):
            return False
        different = plain(encoded.dictionary)
        counts = np.bincount(encoded.indices.drop_null().to_numpy(), minlength=len(different))
        there = np.asarray(compute.invert(compute.is_in(different, value_set=value_set(self._tokens, different.type))))
        different, counts = different.filter(pa.array(there)), counts[there]
        if np.isfinite(numbers(different)).any():
            return False
        first, end = self._present, self._present + int(counts.sum())
        if -(-first // COUNTED_CELLS) * COUNTED_CELLS < end:
            self._skipping = False
        self._rows += len(array)
        self._present = end
        for taken in (self._counts, self._texts):
            taken.add(different, counts.tolist())
        return True

    def _count(self, cells_of: Callable[[], pa.Array], values: NDArray[np.float64]) -> None:
        """Count values one by one; numbers that hardly repeat are not looked at once there are too many of them.

        Whether they are is asked every so many cells, so that it does not depend on how the rows are chunked.
        """
        first, end = self._present - values.size, self._present
        start, cells = first, None
        while start < end:
            if start % COUNTED_CELLS == 0:
                self._skipping = self._counts.capped and not self._texts.values
            stop = min(end, start - start % COUNTED_CELLS + COUNTED_CELLS)
            if self._skipping and np.isfinite(values[start - first : stop - first]).all():
                self._counts.skip(stop - start)
            else:
                cells = cells_of() if cells is None else cells
                self._counts.update(cells.slice(start - first, stop - start))
            start = stop

    def merge(self, other: ColumnSummary) -> None:
        """Take in the summary of another part of the same column."""
        self._rows += other._rows
        self._present += other._present
        self._counts.merge(other._counts)
        self._moments.merge(other._moments)
        self._texts.merge(other._texts)
        self._temporal = self._temporal or other._temporal
        self._native_boolean = self._native_boolean or other._native_boolean

    def to_json(self) -> dict[str, Any]:
        """What was taken in, for `from_json` on another host."""
        return {
            "rows": self._rows,
            "present": self._present,
            "counts": self._counts.to_json(),
            "moments": self._moments.to_json(),
            "texts": self._texts.to_json(),
            "temporal": self._temporal,
            "native_boolean": self._native_boolean,
        }

    @classmethod
    def from_json(cls, name: str, missing_tokens: Iterable[str], raw: Mapping[str, Any]) -> ColumnSummary:
        """The summary that `to_json` gave."""
        found = cls(name, missing_tokens)
        found._rows, found._present = int(raw["rows"]), int(raw["present"])
        found._counts, found._texts = Counts.from_json(raw["counts"]), Counts.from_json(raw["texts"])
        found._moments = Moments.from_json(raw["moments"])
        found._temporal, found._native_boolean = bool(raw["temporal"]), bool(raw["native_boolean"])
        return found

    def finish(self, top: int = TOP) -> Summary:
        """Return what the whole column holds, with the ``top`` most frequent values."""
        kind, why = self._kind()
        moments = self._moments
        decimal = self._written() if kind == "numeric" else ""
        numeric = not decimal and moments.count > 0 and (moments.count == self._present or kind == "numeric")
        return Summary(
            name=self.name,
            rows=self._rows,
            missing=self._rows - self._present,
            distinct=len(self._counts.values),
            capped=self._counts.capped,
            kind=kind,
            why=why,
            top=self._counts.top(top),
            strays=self._texts.top(top) if numeric else (),
            minimum=moments.minimum if numeric else None,
            maximum=moments.maximum if numeric else None,
            mean=moments.mean if numeric else None,
            deviation=moments.deviation if numeric else None,
            whole=moments.whole if numeric else None,
            decimal=decimal,
            day_first=kinds.how_dates_are_written(self._counts.values)[0] if kind == "date" and not why else None,
        )

    def _kind(self) -> tuple[Kind, str]:
        values = self._counts.values
        if not self._present:
            return "all-missing", ""
        if len(values) == 1 and self._present == self._rows:
            return "constant", ""
        if self._native_boolean or kinds.is_boolean(values):
            return "boolean", ""
        if self._temporal or (self._texts.values and kinds.are_dates(values)):
            return "date", "" if self._temporal else kinds.how_dates_are_written(values)[1]
        return self._kind_of_numbers() or self._kind_of_texts()

    def _kind_of_numbers(self) -> tuple[Kind, str] | None:
        if self._written():
            return "numeric", ""
        if not self._is_numeric():
            return None
        why = self._why_numbers_identify() if self._moments.whole else None
        return ("identifier", why) if why else ("numeric", "")

    def _kind_of_texts(self) -> tuple[Kind, str]:
        why = kinds.why_texts_identify(self.name, self._present, self._likely_distinct())
        return ("identifier", why) if why else ("categorical", "")

    def _is_numeric(self) -> bool:
        texts = self._present - self._moments.count
        if not texts:
            return True
        different = len(self._counts.values) - len(self._texts.values)
        return texts <= kinds.MOST_STRAYS * self._present and different > kinds.FEWEST_NUMBERS

    def _written(self) -> str:
        """Return how numbers are written where they are not plain ones."""
        if not self._texts.values:
            return ""
        values = {**self._counts.values, **self._texts.values}
        plain = sum(count for value, count in values.items() if value not in self._texts.values)
        return kinds.how_numbers_are_written(values, plain)

    def _why_numbers_identify(self) -> str | None:
        low, high = self._moments.minimum, self._moments.maximum
        return kinds.why_numbers_identify(self.name, self._present, self._likely_distinct(), low, high)

    def _likely_distinct(self) -> int:
        """Return the number of different values, taking those beyond the bound to repeat like those within it."""
        counted = sum(self._counts.values.values())
        return len(self._counts.values) + round(self._counts.others * len(self._counts.values) / counted)
