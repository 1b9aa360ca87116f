"""The interface between the engine and what runs a kind of job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from local.jobs.background import Background
from local.jobs.sandbox import Sandbox
from local.store.store import Store

Request: TypeAlias = Mapping[str, Any]
"""A Create request's members. Before the first step, references to other steps may still stand in it unresolved."""

Handle: TypeAlias = dict[str, Any]
"""What finds a job again, even from another process: `kind`, `name`, `folder`, and `process` once it runs;
`jobs` holds the handles of the jobs that this one has started."""

Series: TypeAlias = dict[str, list[list[float]]]
"""Metrics by name: pairs of seconds since the job's start and value."""

ENDED = ("Completed", "Failed", "Stopped")


@dataclass(frozen=True)
class JobState:
    """How a job stands: `Starting`, `InProgress` and `Stopping` pass; `Completed`, `Failed` and `Stopped` are final.

    `reason` is a sentence for whoever must act; `exit` the program's exit code, negative for a signal; `fault` the
    exception type that retry policies name, where the surroundings failed and not the program.
    """

    status: str
    reason: str | None = None
    exit: int | None = None
    fault: str | None = None

    @property
    def has_ended(self) -> bool:
        """Say whether the job is over, its outputs in place."""
        return self.status in ENDED


@dataclass(frozen=True)
class JobContext:
    """What a job needs from its surroundings: its name, its log, its threads, and where state and objects lie."""

    store: Store
    name: str
    log: Path
    sandbox: Sandbox
    background: Background
    threads: int = 1


class Runner(Protocol):
    """Runs one kind of job. All methods return at once and are called from one thread."""

    kind: str

    def validate(self, request: Request) -> list[str]:
        """Name everything in a request that cannot run here, each as a sentence without its subject."""

    def start(self, request: Request, context: JobContext) -> Handle:
        """Start a job whose request is fully resolved."""

    def poll(self, handle: Handle) -> JobState:
        """Move the job on and say how it stands; the handle's members may change."""

    def stop(self, handle: Handle) -> None:
        """Ask the job to end: TERM, and KILL when it takes too long."""

    def describe(self, handle: Handle) -> dict[str, Any]:
        """Return the job's Describe response, times as seconds since 1970."""

    def outputs(self, handle: Handle) -> dict[str, str]:
        """Return the addresses of a completed job's outputs by name."""

    def metrics(self, handle: Handle) -> Series:
        """Return the metrics read so far."""
