"""Waiting for what goes on elsewhere: often at first, more seldom the longer it takes."""

from __future__ import annotations

import time
from collections.abc import Iterator

FIRST = 0.005
LONGEST = 0.08


def looks(seconds: float) -> Iterator[None]:
    """Yield whenever it is time to look again, until so many seconds have passed."""
    deadline = time.monotonic() + seconds
    pause = FIRST
    while time.monotonic() < deadline:
        yield
        time.sleep(pause)
        pause = min(LONGEST, pause * 1.3)
