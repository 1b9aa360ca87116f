"""How often each value occurs, exactly up to a bound."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import compute

from processing_scripts.columns.cells import is_text, texts

MOST_VALUES = 10_000
"""Values counted one by one; those that come after so many different ones are only counted together."""
_READERS: tuple[tuple[Callable[[Any], bool], Callable[[str], object]], ...] = (
    (pa.types.is_string, str),
    (pa.types.is_large_string, str),
    (pa.types.is_float64, float),
    (pa.types.is_integer, int),
)
"""What gives a value of a type of which each has a spelling of its own, of its spelling."""


class Counts:
    """Counts of values, mergeable and bounded in memory.

    Attributes:
        others: Cells that hold values beyond the bound.
    """

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self.others = 0

    @property
    def capped(self) -> bool:
        """Whether there are more values than are counted."""
        return self.others > 0

    @property
    def values(self) -> Mapping[str, int]:
        """The counted values in the order in which they first came."""
        return self._counts

    def update(self, array: pa.Array) -> None:
        """Count the present cells of a plain array."""
        if not len(array):
            return
        if self.capped and is_text(array):
            array = self._without_others(array)
        if pa.types.is_floating(array.type):
            array = compute.add(array.cast(pa.float64()), 0.0)  # -0.0 becomes 0.0
        counted = array.value_counts()
        values, counts = self._within(counted.field("values"), counted.field("counts"))
        if is_text(values):
            self._add(dict(zip(values.to_pylist(), counts, strict=True)))
        else:
            self.add(values, counts)

    def add(self, values: pa.Array, counts: list[int]) -> None:
        """Take values of a plain array that were counted already."""
        self._add(dict_of(texts(values.to_pylist()), counts))

    def _within(self, values: pa.Array, counts: pa.Array) -> tuple[pa.Array, list[int]]:
        """What is counted one by one of different values: those that are known, and new ones while there is room.

        The others are counted together, without spelling each of them.
        """
        read = next((read for fits, read in _READERS if fits(values.type)), None)
        room = MOST_VALUES - len(self._counts)
        if read is None or len(values) <= room:
            return values, counts.to_pylist()
        known = pa.array(map(read, self._counts), values.type)
        new = np.flatnonzero(compute.invert(compute.is_in(values, value_set=known)))
        taken = np.delete(np.arange(len(values)), new[room:])
        sizes = counts.to_numpy()
        self.others += int(sizes.sum()) - int(sizes[taken].sum())
        return values.take(pa.array(taken)), sizes[taken].tolist()

    def skip(self, cells: int) -> None:
        """Count cells beyond the bound without looking at any of them."""
        self.others += cells

    def _without_others(self, array: pa.Array) -> pa.Array:
        """Count cells beyond the bound without looking at each of them."""
        known = array.filter(compute.is_in(array, value_set=pa.array(self._counts, array.type)))
        self.others += len(array) - len(known)
        return known

    def merge(self, other: Counts) -> None:
        """Take in what was counted elsewhere."""
        self._add(other._counts)
        self.others += other.others

    def to_json(self) -> dict[str, Any]:
        """What was counted, for `from_json` elsewhere."""
        return {"counts": list(self._counts.items()), "others": self.others}

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Counts:
        """The counts that `to_json` gave, in their order."""
        found = cls()
        found._add({str(value): int(count) for value, count in raw["counts"]})
        found.others += int(raw["others"])
        return found

    def _add(self, counts: Mapping[str, int]) -> None:
        if not self._counts and len(counts) <= MOST_VALUES:
            self._counts.update(counts)
            return
        for value, count in counts.items():
            if value in self._counts:
                self._counts[value] += count
            elif len(self._counts) < MOST_VALUES:
                self._counts[value] = count
            else:
                self.others += count

    def top(self, limit: int) -> tuple[tuple[str, int], ...]:
        """Return the most frequent values, ties in the order of their texts."""
        if len(self._counts) > limit > 0:
            least = heapq.nlargest(limit, self._counts.values())[-1]
            ranked = [item for item in self._counts.items() if item[1] >= least]
        else:
            ranked = list(self._counts.items())
        return tuple(sorted(ranked, key=lambda item: (-item[1], item[0]))[:limit])


def dict_of(names: list[str], counts: list[int]) -> dict[str, int]:
    """Return counts by name, added up where two cells have one name (3 and 3.0)."""
    total: dict[str, int] = {}
    for name, count in zip(names, counts, strict=True):
        total[name] = total.get(name, 0) + count
    return total
