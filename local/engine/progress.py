"""What a running step reports to the engine, and the interface of what runs it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Protocol

from local.store.steps import ENDED, StepRecord

RAN = "ran"
EMULATED = "emulated"
NO_EFFECT = "no effect"


@dataclass(frozen=True)
class Progress:
    """A step's state and what is known of it by now; None leaves what the record holds."""

    status: str
    reason: str | None = None
    how: str | None = None
    cache: dict[str, Any] | None = None
    outcome: bool | None = None
    job: dict[str, Any] | None = None
    handle: dict[str, Any] | None = None
    outputs: dict[str, str] | None = None
    properties: dict[str, Any] | None = None
    metrics: dict[str, list[list[float]]] | None = None
    attempt: int | None = None
    exception: str | None = None
    """Of a failure that a retry policy may name: its exception type."""

    @property
    def has_ended(self) -> bool:
        """Say whether the step is over."""
        return self.status in ENDED

    def onto(self, record: StepRecord) -> StepRecord:
        """Return the record with this progress in it."""
        changes: dict[str, Any] = {"status": self.status, "reason": self.reason}
        for name in ("how", "cache", "outcome", "job", "handle", "outputs", "properties", "metrics", "attempt"):
            value = getattr(self, name)
            if value is not None:
                changes[name] = value
        return replace(record, **changes)


class Activity(Protocol):
    """A step under way."""

    def poll(self) -> Progress:
        """Move on and report; called whenever there may be news."""

    def stop(self) -> None:
        """End early."""


class Done:
    """A step that was over as soon as it began."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def poll(self) -> Progress:
        """Report the end."""
        return self._progress

    def stop(self) -> None:
        """Nothing runs that could be stopped."""
