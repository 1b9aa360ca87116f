"""Linear scales and the round numbers along them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """Maps values from `low`..`high` onto pixels from `start`..`end` (which may run backwards)."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return the pixel of a value; values outside the range land on its edge."""
        part = (value - self.low) / (self.high - self.low)
        return self.start + min(max(part, 0.0), 1.0) * (self.end - self.start)

    def ticks(self, wanted: int = 5) -> list[float]:
        """Return round numbers inside the range, about as many as wanted."""
        step = _round_step((self.high - self.low) / max(wanted, 1))
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        return [index * step for index in range(first, last + 1)]


def spread(values: Sequence[float], margin: float = 0.05) -> tuple[float, float]:
    """Return a range that holds all values with some margin and is never empty, however the values lie."""
    low, high = min(values), max(values)
    width = high - low
    size = max(abs(low), abs(high))
    room = width * margin if width > max(1e-9 * size, 1e-290) else max(size, 1.0) * 0.1
    return low - room, high + room


def drawable(values: Sequence[float]) -> list[float]:
    """Return the values whose differences can still be computed with; beyond that no picture makes sense."""
    return [value for value in values if abs(value) < 1e300]


def tick_text(value: float, ticks: Sequence[float]) -> str:
    """Write a tick with the decimals that its distance to the next one needs."""
    step = abs(ticks[1] - ticks[0]) if len(ticks) > 1 else abs(value)
    largest = max((abs(tick) for tick in ticks), default=0.0)
    if largest >= 1e6 or 0 < step < 1e-4:
        return f"{value:.3g}".replace("-", "−")
    decimals = next((digits for digits in range(8) if abs(round(step, digits) - step) < step * 1e-6), 8)
    return f"{value:,.{decimals}f}".replace("-", "−") if abs(value) > step / 2 else "0"


def _round_step(rough: float) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    for factor in (1, 2, 2.5, 5):
        if rough <= factor * power * 1.0001:
            return factor * power
    return 10 * power
