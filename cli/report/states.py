"""The states of executions and steps: their words, their tone, and the shape that tells them apart without colour."""

from __future__ import annotations

from dataclasses import dataclass

from cli.report.markup import Html, tag
from cli.report.wording import clip


@dataclass(frozen=True)
class State:
    """How a state is shown: `tone` is a class of the style sheet, `sign` is path data within a 16 by 16 square."""

    label: str
    tone: str
    sign: str


_RING = "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0 -13z"
_CHECK = "M4.8 8.2l2.3 2.3l4.2 -4.8"
_CROSS = "M5.4 5.4l5.2 5.2M10.6 5.4l-5.2 5.2"
_OCTAGON = "M5.3 1.5h5.4l3.8 3.8v5.4l-3.8 3.8h-5.4l-3.8 -3.8v-5.4z"
_SQUARE = "M2.5 2.5h11v11h-11z"
_PLAY = "M6.3 5l4.6 3l-4.6 3z"

_STATES = {
    "Succeeded": State("Succeeded", "good", _RING + _CHECK),
    "Completed": State("Completed", "good", _RING + _CHECK),
    "Failed": State("Failed", "bad", _OCTAGON + _CROSS),
    "CompletedWithFailures": State("Completed with failures", "bad", _OCTAGON + _CROSS),
    "Executing": State("Executing", "busy", _RING + _PLAY),
    "InProgress": State("In progress", "busy", _RING + _PLAY),
    "Starting": State("Starting", "busy", _RING + _PLAY),
    "Stopping": State("Stopping", "warn", _SQUARE + "M6 6h4v4h-4z"),
    "Stopped": State("Stopped", "warn", _SQUARE + "M6 6h4v4h-4z"),
    "Waiting": State("Waiting", "idle", _RING + "M6.4 5.4v5.2M9.6 5.4v5.2"),
    "NotExecuted": State("Not executed", "idle", _RING + "M5 8h6"),
}


def state(status: str) -> State:
    """Return how a status is shown; one that is not known is shown by its own name."""
    return _STATES.get(status) or State(clip(status, 24) or "Unknown", "idle", _RING)


def sign(shown: State) -> Html:
    """Return a state's shape for use within text."""
    return tag(
        "svg",
        tag("path", d=shown.sign),
        class_=f"sign {shown.tone}",
        viewBox="0 0 16 16",
        width=16,
        height=16,
        aria_hidden="true",
    )


def badge(status: str) -> Html:
    """Return a state's shape and word."""
    shown = state(status)
    return tag("span", sign(shown), shown.label, class_=f"state {shown.tone}")
