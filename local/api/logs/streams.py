"""Which file a log stream is: the group says the kind of job or the function, the stream begins with the job's name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from local.api.errors import ServiceError
from local.api.logs import endpoints, functions
from local.store.home import host_logs
from local.store.names import arn
from local.store.steps import StepRecord
from local.store.store import Store

# Log group -> the kind of resource whose logs it holds.
GROUPS = {
    "/aws/sagemaker/CompilationJobs": "CompilationJob",
    "/aws/sagemaker/ProcessingJobs": "ProcessingJob",
    "/aws/sagemaker/TrainingJobs": "TrainingJob",
    "/aws/sagemaker/TransformJobs": "TransformJob",
}


@dataclass(frozen=True)
class Stream:
    """One stream: its name, its file, and when its step ran (seconds since 1970)."""

    group: str
    name: str
    path: Path
    started: float
    ended: float | None

    @property
    def arn(self) -> str:
        """The stream's ARN."""
        return arn(f"log-group:{self.group}:log-stream:{self.name}", "logs")


def groups(store: Store) -> list[str]:
    """Return the names of all log groups."""
    return [*GROUPS, *endpoints.groups(store), *functions.groups(store)]


def group_of(store: Store, name: str | None, identifier: str | None) -> str:
    """Return the group that a request names, by name or by ARN."""
    group = name or (identifier or "").partition("log-group:")[2].removesuffix(":*") or identifier
    if group not in groups(store):
        raise ServiceError("ResourceNotFoundException", "The specified log group does not exist.")
    return str(group)


def find(store: Store, group: str, name: str) -> Stream:
    """Return a stream by its whole name."""
    for found in matching(store, group, name):
        if found.name == name:
            return found
    raise ServiceError("ResourceNotFoundException", "The specified log stream does not exist.")


def matching(store: Store, group: str, prefix: str = "") -> Iterator[Stream]:
    """Yield the streams whose names begin with `prefix`, the oldest first."""
    if group.startswith(endpoints.PREFIX):
        yield from (each for each in _of_endpoint(store, group) if each.name.startswith(prefix))
        return
    if group not in GROUPS:
        for log in functions.logs(store, group):
            if log.name.startswith(prefix):
                yield Stream(group, log.name, log.path, log.written, log.written)
        return
    job, slash, _ = prefix.partition("/")
    jobs = [job] if slash else [each.name for each in store.resources.list(GROUPS[group])]
    for each in jobs:
        if slash or each.startswith(prefix):
            yield from (found for found in _of_job(store, group, each) if found.name.startswith(prefix))


def _of_endpoint(store: Store, group: str) -> list[Stream]:
    path = endpoints.log(store, group)
    if not path.is_file():
        return []
    written = path.stat().st_mtime
    return [Stream(group, endpoints.STREAM, path, written, written)]


def _of_job(store: Store, group: str, job: str) -> list[Stream]:
    """Return a job's streams, one for each of its hosts, the leading one's first."""
    for record in store.steps.by_job(job):
        if (record.job or {}).get("kind", GROUPS[group]) != GROUPS[group]:
            continue
        path = _path(store, record)
        if path is not None:
            started = record.started or 0.0
            # A stream's number is the time at which its host started, in seconds, as the service has it.
            return [
                Stream(group, f"{job}/{host}-{int(started)}", log, started, record.ended)
                for host, log in host_logs(path)
            ]
    return _of_loose(store, group, job) or _of_trial(store, group, job)


def _of_loose(store: Store, group: str, job: str) -> list[Stream]:
    """Return the streams of a job that belongs to no execution."""
    path, found = store.home.job_log(GROUPS[group], job), store.resources.get(GROUPS[group], job)
    if found is None or not path.is_file():
        return []
    name = f"{job}/{{}}-{int(found.created)}"
    return [Stream(group, name.format(host), log, found.created, None) for host, log in host_logs(path)]


def _of_trial(store: Store, group: str, job: str) -> list[Stream]:
    """Return the stream of a tuning job's training, whose log lies in the folder of the tuning step's own."""
    tuning_job, _, rest = job.rpartition("-")[0].rpartition("-")
    for record in store.steps.by_job(tuning_job) if rest else ():
        log = store.home.step_log(record.execution.rpartition("/")[2], record.name).with_suffix("") / f"{rest}.log"
        if log.is_file():
            started = record.started or 0.0
            return [Stream(group, f"{job}/algo-1-{int(started)}", log, started, record.ended)]
    return []


def _path(store: Store, record: StepRecord) -> Path | None:
    path = store.home.step_log(record.execution.rpartition("/")[2], record.name)
    return path if path.is_file() else None
