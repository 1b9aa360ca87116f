"""What all jobs in containers share: a folder, a process, the stages from inputs to outputs, the record of each."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from local.jobs import faults
from local.jobs.background import Task
from local.jobs.door import aws_environment
from local.jobs.environment import base_environment
from local.jobs.errors import JobError
from local.jobs.hosts import HOSTS_FILE, Host, hosts_of, names_file
from local.jobs.interface import Handle, JobContext, JobState, Request, Series
from local.jobs.leftovers import take_back
from local.jobs.log import note
from local.jobs.process import JobProcess
from local.jobs.processes import JobProcesses
from local.jobs.requests import member
from local.store.home import host_log
from local.store.objects import ObjectError

# How long a job that is to stop may take over it; the service gives two minutes, a person at a laptop less.
GRACE_SECONDS = float(os.environ.get("SAGELINE_GRACE_SECONDS", "10"))
INSIDE = "/opt/ml"
MAX_REASON = 1024
_NAMES = "etc-hosts"
DEFAULT_MAX_RUNTIME = 86400


@dataclass(frozen=True)
class Command:
    """What a prepared job runs: a program with its arguments, further variables, and its directory (as inside)."""

    argv: list[str]
    environment: dict[str, str]
    directory: str = INSIDE


@dataclass
class Job:
    """One job under way; only the thread that polls changes it.

    A job on several hosts stands for its leading one. The others are jobs as well, with a folder, a log and a name of
    their own, but no life: the leading one's is everybody's.
    """

    request: Request
    context: JobContext
    folder: Path
    created: float
    limit: float
    hosts: tuple[Host, ...] = (Host(),)
    host: Host = field(default_factory=Host)
    others: list[Job] = field(default_factory=list)
    state: JobState = field(default_factory=lambda: JobState("Starting"))
    task: Task[list[Command]] | Task[JobState] | None = None
    process: JobProcesses | None = None
    started: float | None = None
    ended: float | None = None
    log_offset: int = 0
    stop_deadline: float | None = None
    stop_reason: str | None = None
    timed_out: bool = False
    outputs: dict[str, str] = field(default_factory=dict)
    metrics: Series = field(default_factory=dict)

    @property
    def root(self) -> Path:
        """The folder that stands for the container's /opt/ml."""
        return self.folder / "opt" / "ml"

    @property
    def mounts(self) -> Mapping[str, Path]:
        """The real folder of each container path; of several hosts also the file that gives their names addresses."""
        names = self.folder / _NAMES
        return {INSIDE: self.root, **({str(HOSTS_FILE): names} if names.is_file() else {})}

    @property
    def members(self) -> list[Job]:
        """The job on each of its hosts, the leading one first."""
        return [self, *self.others]

    @property
    def culprit(self) -> Job:
        """The job on the host that failed first."""
        failed = self.process.failed if self.process is not None else None
        return self.members[failed or 0]

    def place(self, inside: str) -> Path:
        """Return the real path of a container path below /opt/ml."""
        return self.root / Path(inside).relative_to(INSIDE)

    def signed(self, reason: str) -> str:
        """Return a reason with the host that gave it, where there are several."""
        return reason if len(self.hosts) == 1 else f"{self.host.name}: {reason}"

    def on_other_hosts(self) -> list[Job]:
        """Return this job as it is on each host but the leading one."""
        return [
            replace(
                self,
                host=host,
                folder=self.folder / "hosts" / host.name,
                context=replace(self.context, log=host_log(self.context.log, host.name)),
            )
            for host in self.hosts[1:]
        ]


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
        job = _made(request, context)
        self._jobs[context.name] = job
        job.task = context.background.run(lambda: self._prepare(job))
        self.record(job, changed=True)
        return {"kind": self.kind, "name": context.name, "folder": str(job.folder)}

    def announce(self, request: Request, context: JobContext) -> None:
        """Record a job that another process is about to start."""
        self.record(_made(request, context), changed=False)

    def give_up(self, request: Request, context: JobContext, reason: str) -> None:
        """Record that a job has failed which no process runs any more."""
        job = _made(request, context)
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
            (each.folder / "tmp").mkdir(parents=True)
            if len(job.hosts) > 1:
                (each.folder / _NAMES).write_text(names_file(job.hosts), encoding="utf-8")
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
            job.process = _launch(job, commands)
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


def _made(request: Request, context: JobContext) -> Job:
    folder = context.store.home.job(context.name)
    limit = float(member(request, "StoppingCondition", "MaxRuntimeInSeconds") or DEFAULT_MAX_RUNTIME)
    resources = member(request, "ResourceConfig") or member(request, "ProcessingResources", "ClusterConfig")
    hosts = hosts_of(resources)
    job = Job(request, context, folder, time.time(), limit, hosts, hosts[0])
    job.others = job.on_other_hosts()
    return job


def _launch(job: Job, commands: list[Command]) -> JobProcesses:
    """Start the program on every host, or on none."""
    threads = max(1, job.context.threads // len(job.hosts))
    aws = aws_environment(job.context.store.home.root)
    processes: list[JobProcess] = []
    try:
        for each, command in zip(job.members, commands, strict=True):
            log = each.context.log
            each.log_offset = log.stat().st_size if log.exists() else 0
            own = {"TMPDIR": str(each.folder / "tmp")}
            environment = {**base_environment(job.folder, threads), **aws, **own, **command.environment}
            sandbox = each.context.sandbox
            processes.append(
                sandbox.launch(command.argv, environment, each.mounts, directory=command.directory, log=log)
            )
    except BaseException:
        for process in processes:
            process.kill()
        raise
    return JobProcesses(processes, GRACE_SECONDS)
