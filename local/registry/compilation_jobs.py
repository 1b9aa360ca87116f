"""Compilation jobs as the service describes them, and the events of their changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from local.registry import tags
from local.registry.errors import RegistryError
from local.store.names import arn
from local.store.resources import Resource
from local.store.store import Store

KIND = "CompilationJob"
DETAIL_TYPE = "SageMaker Compilation Job State Change"
"""No list of SageMaker's events has it; whoever has seen one in AWS has seen it under this name."""

STARTING, RUNNING, STOPPING = "STARTING", "INPROGRESS", "STOPPING"
COMPLETED, FAILED, STOPPED = "COMPLETED", "FAILED", "STOPPED"
ENDED = (COMPLETED, FAILED, STOPPED)
OWNER = "CompilationOwner"
"""The kind of the record that says which process compiles; it is no part of the job's description."""

_LONGEST_REASON = 1024
_TIMES = ("CreationTime", "LastModifiedTime", "CompilationStartTime", "CompilationEndTime")
_ARCHIVE = ".tar.gz"


def create(store: Store, request: Mapping[str, Any], *, now: float) -> Resource:
    """Record a job of a CreateCompilationJob request. `Resource.body` is its Describe response.

    Raises:
        RegistryError: the name is taken.
    """
    name = str(request["CompilationJobName"])
    given = tags.read(request.get("Tags"))
    where = job_arn(name)
    body = {
        "CompilationJobArn": where,
        **{member: value for member, value in request.items() if member != "Tags"},
        "CompilationJobStatus": STARTING,
        "CreationTime": now,
        "LastModifiedTime": now,
        "FailureReason": "",
        "ModelArtifacts": {"S3ModelArtifacts": artifact_uri(request)},
    }
    with store.database.transaction():
        if store.resources.get(KIND, name) is not None:
            message = f"Job name must be unique within an AWS account and region, and a job named {name} exists."
            raise RegistryError(message, "ResourceInUse")
        made = store.resources.put(KIND, name, where, body, now=now, status=STARTING)
        store.resources.tag(where, given)
        _announce(store, body, now)
    return made


def job_arn(name: str) -> str:
    """Return a job's ARN; the service writes the name in lower case."""
    return arn(f"compilation-job/{name.lower()}")


def artifact_uri(request: Mapping[str, Any]) -> str:
    """Return where a job puts what it makes: the input archive's name, and the target's."""
    archive = str(request["InputConfig"]["S3Uri"]).rpartition("/")[2].removesuffix(_ARCHIVE)
    location = str(request["OutputConfig"]["S3OutputLocation"]).rstrip("/")
    return f"{location}/{archive}-{target_name(request['OutputConfig'])}{_ARCHIVE}"


def target_name(output: Mapping[str, Any]) -> str:
    """Return a target as file names have it: `ml_c5`, or a platform's parts such as `LINUX_ARM64`."""
    platform = output.get("TargetPlatform") or {}
    parts = [platform[each] for each in ("Os", "Arch", "Accelerator") if platform.get(each)]
    return str(output.get("TargetDevice") or "_".join(parts))


def get(store: Store, name: str) -> Resource:
    """Return a job; RegistryError where there is none."""
    found = store.resources.get(KIND, name)
    if found is None:
        message = f"Could not find compilation job {job_arn(name)}."
        raise RegistryError(message, "ResourceNotFound")
    return found


def change(store: Store, name: str, status: str, *, now: float, **members: Any) -> Resource:
    """Write a job's next state down with further members, and tell of it; an ended job stays as it ended."""
    with store.database.transaction():
        found = get(store, name)
        if found.status in ENDED:
            return found
        body = {**found.body, **members, "CompilationJobStatus": status, "LastModifiedTime": now}
        if "FailureReason" in members:
            body["FailureReason"] = str(members["FailureReason"])[:_LONGEST_REASON]
        if status in ENDED:
            body["CompilationEndTime"] = now
        changed = store.resources.put(KIND, name, found.arn, body, now=now, status=status)
        _announce(store, body, now)
    return changed


def stop(store: Store, name: str, *, now: float) -> None:
    """Write down that a job is to stop; whoever runs it looks. RegistryError where it has ended."""
    with store.database.transaction():
        found = get(store, name)
        if found.status in ENDED:
            message = f"The request was rejected because the compilation job is in status {found.status}."
            raise RegistryError(message)
        change(store, name, STOPPING, now=now)


def delete(store: Store, name: str) -> None:
    """Forget a job; what it made stays. RegistryError where there is none, or where it goes on."""
    with store.database.transaction():
        found = get(store, name)
        if found.status not in ENDED:
            message = f"The compilation job {name} is in status {found.status}. Stop it, and delete it when it has."
            raise RegistryError(message)
        store.resources.delete(KIND, name)
        store.resources.delete(OWNER, name)


def made(store: Store, values: Iterable[object]) -> str | None:
    """Return the name of the job that made one of the addresses; None where none of this home's did."""
    wanted = set(values)
    for each in store.resources.list(KIND):
        if each.status == COMPLETED and each.body["ModelArtifacts"]["S3ModelArtifacts"] in wanted:
            return each.name
    return None


def _announce(store: Store, body: Mapping[str, Any], now: float) -> None:
    detail = {name: int(value * 1000) if name in _TIMES else value for name, value in body.items()}
    store.events.record(DETAIL_TYPE, detail, [body["CompilationJobArn"]], now=now)
