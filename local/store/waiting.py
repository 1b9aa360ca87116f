"""Waits until something can be read, whatever its number: `select.select` takes file descriptors below 1,024 alone."""

from __future__ import annotations

import selectors
from typing import Any


def readable(source: Any, seconds: float | None = None) -> bool:
    """Say whether a pipe or socket can be read within so many seconds; None waits for as long as it takes."""
    with selectors.DefaultSelector() as selector:
        selector.register(source, selectors.EVENT_READ)
        return bool(selector.select(None if seconds is None else max(0.0, seconds)))
