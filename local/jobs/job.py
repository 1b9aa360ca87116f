"""One job in a container: what it runs, where its folders lie, how far it is; and how its programs are started."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from local.jobs.background import Task
from local.jobs.door import aws_environment
from local.jobs.environment import base_environment
from local.jobs.hosts import HOSTS_FILE, Host, hosts_of, names_file
from local.jobs.interface import JobContext, JobState, Request, Series
from local.jobs.process import JobProcess
from local.jobs.processes import JobProcesses
from local.jobs.requests import member
from local.store.home import host_log

# How long a job that is to stop may take over it; the service gives two minutes, a person at a laptop less.
GRACE_SECONDS = float(os.environ.get("SAGELINE_GRACE_SECONDS", "10"))
INSIDE = "/opt/ml"
DEFAULT_MAX_RUNTIME = 86400
_NAMES = "etc-hosts"


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

    def make_folders(self) -> None:
        """Make the folder of this host, with the file of all hosts' names where there are several."""
        (self.folder / "tmp").mkdir(parents=True)
        if len(self.hosts) > 1:
            (self.folder / _NAMES).write_text(names_file(self.hosts), encoding="utf-8")

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


def made(request: Request, context: JobContext) -> Job:
    """The job that a request describes, on each of its hosts; nothing of it is on disk yet."""
    folder = context.store.home.job(context.name)
    limit = float(member(request, "StoppingCondition", "MaxRuntimeInSeconds") or DEFAULT_MAX_RUNTIME)
    resources = member(request, "ResourceConfig") or member(request, "ProcessingResources", "ClusterConfig")
    hosts = hosts_of(resources)
    job = Job(request, context, folder, time.time(), limit, hosts, hosts[0])
    job.others = job.on_other_hosts()
    return job


def launch(job: Job, commands: list[Command]) -> JobProcesses:
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
