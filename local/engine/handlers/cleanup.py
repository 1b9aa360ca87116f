"""Cleanup steps: delete what earlier steps have written to S3.

Source: the SageMaker Python SDK's `CleanupStep`: training outputs are found by the service, objects of processing and
transform steps are named and must lie below their step's outputs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local.definition.document import Step
from local.engine.progress import RAN, Activity, Done, Progress
from local.engine.task import StepTask
from local.jobs.log import note
from local.store.objects import ObjectError, ObjectStore, split_uri
from local.store.steps import StepRecord

_FOUND = ("Training",)
_NAMED = ("Processing", "Transform")


class CleanupHandler:
    """Deletes objects, and says of each source whether it is clean."""

    type = "Cleanup"
    not_keyed: tuple[str, ...] | None = None

    def validate(self, step: Step, arguments: Mapping[str, Any]) -> list[str]:
        """Every source must name its step."""
        del step
        sources = _sources(arguments)
        if not sources:
            return ["names nothing to delete; add Resources.S3 with a StepName."]
        nameless = [entry for entry in sources if not isinstance(entry.get("StepName"), str)]
        return ["has a source without a StepName; name the step whose outputs it deletes." for _ in nameless]

    def arguments(self, task: StepTask) -> dict[str, Any]:
        """Return the sources."""
        resolved: dict[str, Any] = task.resolve(task.step.arguments)
        return resolved

    def start(self, task: StepTask, arguments: Mapping[str, Any]) -> Activity:
        """Delete."""
        cleaned: list[str] = []
        skipped: list[str] = []
        failed: list[dict[str, str]] = []
        for entry in _sources(arguments):
            name = entry["StepName"]
            record = task.store.steps.get(task.execution.arn, name)
            if record is None or not record.outputs:
                skipped.append(name)
                continue
            try:
                for uri in _targets(record, entry.get("S3Uris")):
                    delete(task.store.objects, uri)
                    note(task.log, f"Deleted {uri}.")
                cleaned.append(name)
            except (ObjectError, ValueError) as error:
                failed.append({"StepName": name, "ErrorCode": "ClientError", "ErrorMessage": str(error)})
        properties = {"CleanedSteps": cleaned, "FailedSteps": failed, "SkippedSteps": skipped}
        reason = " ".join(entry["ErrorMessage"] for entry in failed) or None
        return Done(Progress("Failed" if failed else "Succeeded", reason, how=RAN, properties=properties))


def _sources(arguments: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    resources = arguments.get("Resources")
    found = resources.get("S3") if isinstance(resources, Mapping) else None
    return [entry for entry in found if isinstance(entry, Mapping)] if isinstance(found, list) else []


def _targets(record: StepRecord, named: list[str] | None) -> list[str]:
    if named is None:
        if record.type not in _FOUND:
            message = f"{record.name} is of type {record.type}: name the objects to delete in S3Uris."
            raise ValueError(message)
        return list(record.outputs.values())
    if record.type not in _NAMED:
        message = f"{record.name} is of type {record.type}, whose outputs are found by themselves: leave S3Uris out."
        raise ValueError(message)
    folders = [uri.rstrip("/") for uri in record.outputs.values()]
    outside = [uri for uri in named if not any(uri.startswith(f"{folder}/") for folder in folders)]
    if outside:
        message = f"{', '.join(outside)} does not lie below the outputs of {record.name}; nothing of it was deleted."
        raise ValueError(message)
    return named


def delete(objects: ObjectStore, uri: str) -> None:
    """Delete an object, or all objects below a folder's address; what is gone already is no mistake."""
    bucket, key = split_uri(uri)
    objects.delete(bucket, key)
    for info in list(objects.list(bucket, f"{key.rstrip('/')}/")):
        objects.delete(bucket, info.key)


HANDLER = CleanupHandler()
