from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from processing_scripts.preparing.described import Seen, describe
from processing_scripts.preparing.gathered_numbers import NumericColumn
from processing_scripts.preparing.splitting import LEFT_OUT
from processing_scripts.preparing.target import Target


@pytest.mark.parametrize("shares", [[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.5, 0.0, 0.5]])
def test_numbers_are_counted_by_class_as_a_histogram_of_each_class_counts_them(shares: list[float]) -> None:
    random = np.random.default_rng(4)
    numbers = np.round(random.normal(size=900), 1)
    numbers[::11] = np.nan
    classes = random.choice(3, 900, p=shares).astype(np.float64)
    classes[::13] = np.nan
    column = NumericColumn("size", frozenset())
    column.update(pa.array(numbers))
    splits = random.integers(0, 3, 900).astype(np.uint8)
    splits[::13] = LEFT_OUT
    shown, *_ = describe(column, Seen(Target("multiclass", ("a", "b", "c"), classes), splits, 1), personal=False)
    edges = shown["histogram"]["edges"]
    for place, label in enumerate(("a", "b", "c")):
        own = numbers[(classes == place) & ~np.isnan(numbers)]
        assert shown["by_class"][label] == np.histogram(own, bins=edges)[0].tolist()
