"""Words and marks that every view uses for a step's or an execution's state."""

from __future__ import annotations

from typing import Any

MARKS = {
    "Succeeded": ("✓", "green"),
    "Failed": ("✗", "bold red"),
    "CompletedWithFailures": ("✗", "bold red"),
    "Stopped": ("■", "yellow"),
    "Stopping": ("■", "yellow"),
    "Executing": ("●", "cyan"),
    "Starting": ("●", "cyan"),
    "NotExecuted": ("–", "dim"),
    "Waiting": ("·", "dim"),
}
STATUS_WORDS = {"CompletedWithFailures": "completed with failures", "NotExecuted": "not run", "Waiting": "waiting"}


def mark(status: str) -> tuple[str, str]:
    """Return the sign and the style of a status."""
    return MARKS.get(status, ("?", ""))


def word(status: str) -> str:
    """Return a status as people read it."""
    return STATUS_WORDS.get(status, status.lower())


def seconds(value: float | None) -> str:
    """Return a duration in seconds as people read it: `0.4 s`, `12 s`, `3 min 05 s`, `2 h 10 min`."""
    if value is None:
        return ""
    if value < 10:
        return f"{value:.1f} s"
    whole = round(value)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def cache_word(step: dict[str, Any]) -> str:
    """Return what the cache did for a step: `hit`, `miss`, or nothing where it was off."""
    result = (step.get("cache") or {}).get("result", "off")
    return "" if result == "off" else str(result)


def number(value: float) -> str:
    """Return a metric with the digits that mean something."""
    return f"{value:.4g}" if abs(value) < 1000 else f"{value:,.0f}"
