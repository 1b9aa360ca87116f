"""Runs AutoML jobs: a search over model families that stands in for Autopilot."""

from __future__ import annotations

from typing import Any

from local.automl import records
from local.automl.families import FAMILIES
from local.automl.job import AutoML
from local.automl.plan import algorithms, known_families
from local.automl.validation import validate
from local.jobs.interface import Handle, JobContext, JobState, Request, Series
from local.jobs.log import note


class AutoMLRunner:
    """Runs AutoMLJobs."""

    kind = records.KIND

    def __init__(self) -> None:
        self._jobs: dict[str, AutoML] = {}

    def validate(self, request: Request) -> list[str]:
        """Name everything in a request that cannot run here."""
        return validate(request)

    def start(self, request: Request, context: JobContext) -> Handle:
        """Start a job, and say in its log what stands in for what."""
        job = AutoML(request, context, records.store)
        self._jobs[context.name] = job
        for sentence in _differences(request):
            note(context.log, sentence)
        return {"kind": self.kind, "name": context.name, "folder": str(job.folder)}

    def poll(self, handle: Handle) -> JobState:
        """Move the job on and say how it stands."""
        job = self._jobs[handle["name"]]
        state = job.poll()
        handle["process"] = job.process
        return state

    def stop(self, handle: Handle) -> None:
        """Ask the job and its candidates to end."""
        self._jobs[handle["name"]].stop()

    def describe(self, handle: Handle) -> dict[str, Any]:
        """Return the Describe response, with the places of the best candidate's reports."""
        return records.properties(self._jobs[handle["name"]])

    def outputs(self, handle: Handle) -> dict[str, str]:
        """Return the address of the best model."""
        job = self._jobs[handle["name"]]
        return {"model": job.places.model(job.best)} if job.published and job.best is not None else {}

    def metrics(self, handle: Handle) -> Series:
        """Return the best objective so far, each time that it became better."""
        return self._jobs[handle["name"]].series

    def progress(self, handle: Handle) -> str:
        """Say how far a running job is."""
        return self._jobs[handle["name"]].progress


def _differences(request: Request) -> list[str]:
    named = algorithms(request)
    shown = [f"{name} by {FAMILIES[name].stands_in}" for name in known_families(named)]
    found = [f"Autopilot is emulated by a search over model families: {', '.join(shown)}. Nothing is stacked."]
    missing = [name for name in named or () if name not in FAMILIES]
    return [*found, *([f"Not on the laptop, and not tried: {', '.join(missing)}."] if missing else [])]
