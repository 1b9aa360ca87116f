"""What all runners of jobs in containers share: the stages from inputs to outputs, and the record of each."""

from __future__ import annotations

import contextlib
import shutil
import time
from abc import ABC, abstractmethod
from dataclasses import replace
from typing import Any

from local.jobs import faults
from local.jobs.background import Task
from local.jobs.errors import JobError
from local.jobs.interface import Handle, JobContext, JobState, Request, Series
from local.jobs.job import GRACE_SECONDS, Command, Job, launch, made
from local.jobs.leftovers import take_back
from local.jobs.log import note
from local.store.objects import ObjectError

MAX_REASON = 1024


class ContainerRunner(ABC):
    """A runner whose jobs are programs with a container's folders; a kind of job fills in what differs."""

    kind: str

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}

    @abstractmethod
    def validate(self, request: Request) -> list[str]:
        """Name everything in a request that cannot run here."""

    @abstractmethod
    def prepare(self, job: Job) -> Command:
        """Fill the folder and return what to run; works in the background."""

    @abstractmethod
    def finish(self, job: Job, code: int) -> JobState:
        """Take over the outputs of a program that ended; works in the background."""

    @abstractmethod
    def body(self, job: Job) -> dict[str, Any]:
        """Return the Describe response as of now."""

    @abstractmethod
    def record(self, job: Job, *, changed: bool) -> None:
        """Store the Describe response, and an event where the status changed."""

    def running(self, job: Job) -> None:  # noqa: B027 - kinds without metrics have nothing to do
        """Look at a running job."""

    def start(self, request: Request, context: JobContext) -> Handle:
        """Start a job: its inputs are brought in the background."""
        job = made(request, context)
        self._jobs[context.name] = job
        job.task = context.background.run(lambda: self._prepare(job))
        self.record(job, changed=True)
        return {"kind": self.kind, "name": context.name, "folder": str(job.folder)}

    def announce(self, request: Request, context: JobContext) -> None:
        """Record a job that another process is about to start."""
        self.record(made(request, context), changed=False)

    def give_up(self, request: Request, context: JobContext, reason: str) -> None:
        """Record that a job has failed which no process runs any more."""
        job = made(request, context)
        job.state, job.ended = JobState("Failed", reason), time.time()
        self.record(job, changed=True)

    def poll(self, handle: Handle) -> JobState:
        """Move the job on and say how it stands."""
        job = self._jobs[handle["name"]]
        if job.state.has_ended:
            return job.state
        if job.process is None:
            self._launch_when_ready(job)
        elif job.task is None:
            self._follow(job)
        elif job.task.done:
            self._end(job, self._result(job, job.task))
        if job.process is not None and "process" not in handle:
            handle["process"] = job.process.name
        return job.state

    def stop(self, handle: Handle) -> None:
        """Ask the job to end."""
        self._stop(self._jobs[handle["name"]], "The job was stopped.")

    def describe(self, handle: Handle) -> dict[str, Any]:
        """Return the job's Describe response."""
        return self.body(self._jobs[handle["name"]])

    def outputs(self, handle: Handle) -> dict[str, str]:
        """Return the addresses of the outputs by name."""
        return self._jobs[handle["name"]].outputs

    def metrics(self, handle: Handle) -> Series:
        """Return the metrics read so far."""
        return self._jobs[handle["name"]].metrics

    def _prepare(self, job: Job) -> list[Command]:
        shutil.rmtree(job.folder, ignore_errors=True)
        commands = []
        for each in job.members:
            each.make_folders()
            commands.append(self.prepare(each))
        return commands

    def _launch_when_ready(self, job: Job) -> None:
        if job.task is None or not job.task.done:
            return
        if job.stop_reason is not None:
            self._end(job, JobState("Stopped", job.stop_reason))
            return
        try:
            commands: list[Command] = job.task.result()  # type: ignore[assignment] # before the process, it prepares
            job.process = launch(job, commands)
        except (JobError, ObjectError, OSError) as error:
            self._end(job, JobState("Failed", str(error), fault=faults.of_error(error)))
            return
        job.task = None
        job.started = time.time()
        job.state = JobState("InProgress")
        self.record(job, changed=False)

    def _follow(self, job: Job) -> None:
        assert job.process is not None and job.started is not None  # noqa: S101, PT018 - both were set at launch
        code = job.process.poll()
        now = time.time()
        if code is not None:
            job.ended = now
            job.task = job.context.background.run(lambda: self._finish(job, code))
        elif job.stop_deadline is not None:
            if time.monotonic() > job.stop_deadline:
                job.process.kill()
        elif now - job.started > job.limit:
            job.timed_out = True
            self._stop(job, f"The job ran longer than its MaxRuntimeInSeconds ({job.limit:g}).")
        else:
            self.running(job)

    def _stop(self, job: Job, reason: str) -> None:
        if job.state.has_ended or job.stop_reason is not None:
            return
        job.stop_reason = reason
        job.state = JobState("Stopping", reason)
        job.stop_deadline = time.monotonic() + GRACE_SECONDS
        if job.process is not None:
            job.process.terminate()
        self.record(job, changed=True)

    def _finish(self, job: Job, code: int) -> JobState:
        self.running(job)
        if job.stop_reason is not None:
            return JobState("Stopped", job.stop_reason, code)
        state = self.finish(job, code)
        return replace(state, fault=faults.of_exit(code)) if state.status == "Failed" else state

    @staticmethod
    def _result(job: Job, task: Task[Any]) -> JobState:
        try:
            state: JobState = task.result()
        except (JobError, ObjectError, OSError) as error:
            take_back(job.context.store, job.folder)
            return JobState("Failed", f"The outputs could not be put in place: {error}", fault=faults.of_error(error))
        return state

    def _end(self, job: Job, state: JobState) -> None:
        job.state = state
        job.task = None
        job.ended = job.ended or time.time()
        self.record(job, changed=True)
        if state.status == "Failed" and job.process is not None:
            note(job.context.log, f"The job failed; its folder is kept for a look: {job.folder}")
        else:
            with contextlib.suppress(OSError):
                shutil.rmtree(job.folder)
