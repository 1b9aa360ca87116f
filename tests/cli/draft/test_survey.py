from __future__ import annotations

import numpy as np
import pyarrow as pa

from cli.draft.survey import Sample


def test_a_sample_is_spread_evenly_in_order_and_bounded() -> None:
    sample = Sample(100)
    for start in range(0, 50_000, 1_000):
        sample.update(pa.RecordBatch.from_pydict({"n": list(range(start, start + 1_000))}))
    table, places = sample.finish()
    assert table.column("n").to_pylist() == places.tolist()
    assert 50 <= len(places) <= 200
    assert np.all(np.diff(places) > 0)
    assert np.histogram(places, bins=5, range=(0, 50_000))[0].min() >= len(places) / 5 * 0.8
    assert 0.4 < np.mean(places % 2) < 0.6


def test_a_small_table_is_its_own_sample() -> None:
    sample = Sample(100)
    sample.update(pa.RecordBatch.from_pydict({"n": list(range(150))}))
    assert sample.finish()[1].tolist() == list(range(150))
