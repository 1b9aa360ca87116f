from __future__ import annotations

import pytest

from cli.report.charts.scale import Scale, drawable, spread, tick_text


def test_values_land_between_start_and_end_and_never_outside() -> None:
    scale = Scale(0, 10, 100, 0)
    assert [scale(value) for value in (0, 5, 10, 20, -1)] == [100, 50, 0, 0, 100]


@pytest.mark.parametrize(
    ("low", "high", "written"),
    [
        (0, 1, ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (-50, 120, ["−50", "0", "50", "100"]),
        (0.93, 1.01, ["0.94", "0.96", "0.98", "1.00"]),
        (0, 30_000_000, ["0", "1e+07", "2e+07", "3e+07"]),
        (0.92, 1.0, ["0.92", "0.94", "0.96", "0.98", "1.00"]),
        (0.9, 1.02, ["0.900", "0.925", "0.950", "0.975", "1.000"]),
        (0, 2400, ["0", "500", "1,000", "1,500", "2,000"]),
    ],
)
def test_ticks_are_round_and_written_alike(low: float, high: float, written: list[str]) -> None:
    ticks = Scale(low, high, 0, 1).ticks(5)
    assert [tick_text(tick, ticks) for tick in ticks] == written


@pytest.mark.parametrize("values", [[3.0], [0.0], [0, 1e-320], [-1e299, 1e299], [1e-250, 3e-250], [1, 1 + 1e-15]])
def test_every_range_can_be_scaled_and_has_few_ticks(values: list[float]) -> None:
    low, high = spread(values)
    assert low < min(values) <= max(values) < high
    ticks = Scale(low, high, 0, 100).ticks(5)
    assert 1 < len(ticks) < 14
    assert all(tick_text(tick, ticks) for tick in ticks)


def test_values_beyond_arithmetic_are_not_drawn() -> None:
    assert drawable([1, 1e301, -1e308, 2]) == [1, 2]
