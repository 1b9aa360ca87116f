"""Runs hyperparameter tuning jobs, their trials by the runner of training jobs."""

from __future__ import annotations

from typing import Any

from local.jobs.interface import Handle, JobContext, JobState, Request, Runner, Series
from local.jobs.training_description import model_uri
from local.tuning import parents, records
from local.tuning.description import best
from local.tuning.job import Tuning
from local.tuning.validation import validate


class TuningRunner:
    """Runs HyperParameterTuningJobs."""

    kind = parents.KIND

    def __init__(self, trainings: Runner) -> None:
        self._trainings = trainings
        self._jobs: dict[str, Tuning] = {}

    def validate(self, request: Request) -> list[str]:
        """Name everything in a request that cannot run here."""
        return validate(request, self._trainings.validate)

    def start(self, request: Request, context: JobContext) -> Handle:
        """Start a tuning job; trials that an earlier engine finished for it are taken over."""
        self._jobs[context.name] = Tuning(self._trainings, request, context)
        return {
            "kind": self.kind,
            "name": context.name,
            "folder": str(context.store.home.job(context.name)),
            "jobs": [],
        }

    def poll(self, handle: Handle) -> JobState:
        """Move the job on; the handle names the trials that run."""
        job = self._jobs[handle["name"]]
        state = job.poll()
        handle["jobs"] = job.handles
        return state

    def stop(self, handle: Handle) -> None:
        """Ask the job and its trials to end."""
        self._jobs[handle["name"]].stop()

    def describe(self, handle: Handle) -> dict[str, Any]:
        """Return the Describe response, with the ranked TrainingJobSummaries that a tuning step has besides."""
        return records.properties(self._jobs[handle["name"]])

    def outputs(self, handle: Handle) -> dict[str, str]:
        """Return the address of the best model."""
        job = self._jobs[handle["name"]]
        found = best(job.plan, job.trials.values())
        return {} if found is None else {"model": model_uri(job.plan.programs[found.program].training, found.name)}

    def metrics(self, handle: Handle) -> Series:
        """Return the best objective so far, each time that it became better."""
        return self._jobs[handle["name"]].series

    def progress(self, handle: Handle) -> str:
        """Say how far a running job is."""
        return self._jobs[handle["name"]].progress
