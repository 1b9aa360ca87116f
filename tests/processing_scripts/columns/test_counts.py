from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from inference.cells import cell_text
from processing_scripts.columns.counts import MOST_VALUES, Counts

DRAWN = np.random.default_rng(2).integers(0, 15_000, 40_000)


@pytest.mark.parametrize("kind", [pa.string(), pa.float64(), pa.float32(), pa.int64()], ids=str)
def test_the_first_values_are_counted_whatever_their_type_and_chunks(kind: Any) -> None:
    cells = pa.array(DRAWN).cast(kind)
    wanted: dict[str, int] = {}
    others = 0
    for cell in cells.to_pylist():
        name = cell_text(cell)
        if name in wanted or len(wanted) < MOST_VALUES:
            wanted[name] = wanted.get(name, 0) + 1
        else:
            others += 1
    for size in (40_000, 7_001):
        counts = Counts()
        for start in range(0, 40_000, size):
            counts.update(cells.slice(start, size))
        assert dict(counts.values) == wanted
        assert list(counts.values) == list(wanted)
        assert counts.others == others


def test_both_zeros_are_one_value() -> None:
    counts = Counts()
    counts.update(pa.array([-0.0, 1.5, 0.0]))
    assert dict(counts.values) == {"0": 2, "1.5": 1}
