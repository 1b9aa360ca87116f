"""Which file a log stream is: the group says the kind of job, the stream begins with the job's name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from local.api.errors import ServiceError
from local.store.names import arn
from local.store.steps import StepRecord
from local.store.store import Store

# Log group -> the kind of resource whose logs it holds.
GROUPS = {
    "/aws/sagemaker/ProcessingJobs": "ProcessingJob",
    "/aws/sagemaker/TrainingJobs": "TrainingJob",
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


def group_of(name: str | None, identifier: str | None) -> str:
    """Return the group that a request names, by name or by ARN."""
    group = name or (identifier or "").partition("log-group:")[2].removesuffix(":*") or identifier
    if group not in GROUPS:
        raise ServiceError("ResourceNotFoundException", "The specified log group does not exist.")
    return str(group)


def find(store: Store, group: str, name: str) -> Stream:
    """Return a stream by its whole name."""
    job = name.partition("/")[0]
    found = _of_job(store, group, job)
    if found is None or found.name != name:
        raise ServiceError("ResourceNotFoundException", "The specified log stream does not exist.")
    return found


def matching(store: Store, group: str, prefix: str = "") -> Iterator[Stream]:
    """Yield the streams whose names begin with `prefix`, the oldest first."""
    job, slash, _ = prefix.partition("/")
    jobs = [job] if slash else [each.name for each in store.resources.list(GROUPS[group])]
    for each in jobs:
        found = _of_job(store, group, each) if slash or each.startswith(prefix) else None
        if found is not None and found.name.startswith(prefix):
            yield found


def _of_job(store: Store, group: str, job: str) -> Stream | None:
    for record in store.steps.by_job(job):
        if (record.job or {}).get("kind", GROUPS[group]) != GROUPS[group]:
            continue
        path = _path(store, record)
        if path is not None:
            # A stream's number is the time at which its host started, in seconds, as the service has it.
            name = f"{job}/algo-1-{int(record.started or 0)}"
            return Stream(group, name, path, record.started or 0.0, record.ended)
    return None


def _path(store: Store, record: StepRecord) -> Path | None:
    path = store.home.step_log(record.execution.rpartition("/")[2], record.name)
    return path if path.is_file() else None
