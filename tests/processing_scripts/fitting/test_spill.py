from __future__ import annotations

import numpy as np
import pytest

from processing_scripts.fitting import spill
from processing_scripts.fitting.spill import Spill


@pytest.mark.parametrize("kept", [0, 500, 10**9])
def test_values_come_back_in_their_order_wherever_they_were_kept(monkeypatch: pytest.MonkeyPatch, kept: int) -> None:
    monkeypatch.setattr(spill, "KEPT_BYTES", kept)
    values = np.random.default_rng(1).normal(size=1000)
    held = Spill(np.float64)
    for start in range(0, 1000, 37):
        held.append(values[start : start + 37])
        assert held.part(0, held.size).tolist() == values[: held.size].tolist()
    assert held.read().tolist() == values.tolist()
    for start, stop in ((0, 1), (5, 5), (36, 38), (400, 1000), (999, 1000)):
        assert held.part(start, stop).tolist() == values[start:stop].tolist()


def test_what_comes_back_is_the_callers_own() -> None:
    held = Spill(np.int32)
    held.append(np.array([1, 2, 3]))
    held.read()[:] = 0
    held.part(0, 3).fill(0)
    assert held.read().tolist() == [1, 2, 3]


def test_nothing_is_nothing() -> None:
    assert Spill(np.float64).read().size == 0
