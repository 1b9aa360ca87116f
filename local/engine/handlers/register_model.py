"""RegisterModel steps: a new version in the model package group, which comes into being with its first."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from typing import Any

from local.definition.document import Step
from local.engine.progress import RAN, Activity, Done, Progress
from local.engine.task import StepTask
from local.registry import packages
from local.registry.errors import RegistryError
from local.store.resources import Resource
from local.store.store import Store


class RegisterModelHandler:
    """Makes model packages with versions."""

    type = "RegisterModel"
    not_keyed: tuple[str, ...] | None = None

    def validate(self, step: Step, arguments: Mapping[str, Any]) -> list[str]:
        """Packages without a group have no version, and pipelines do not make them here."""
        del step
        return [] if arguments.get("ModelPackageGroupName") else ["has no ModelPackageGroupName; name a group."]

    def arguments(self, task: StepTask) -> dict[str, Any]:
        """Return the request."""
        resolved: dict[str, Any] = task.resolve(task.step.arguments)
        return resolved

    def start(self, task: StepTask, arguments: Mapping[str, Any]) -> Activity:
        """Register."""
        group = str(arguments["ModelPackageGroupName"]).rpartition("/")[2]
        # The same for every attempt: one that was killed after it had registered does not register twice.
        token = hashlib.sha256(f"{task.execution.arn}/{task.step.name}".encode()).hexdigest()[:32]
        try:
            package = register(task.store, group, arguments, token=token, now=time.time())
        except RegistryError as error:
            return Done(Progress("Failed", how=RAN, reason=str(error)))
        job = {"kind": "ModelPackage", "name": package.name, "arn": package.arn}
        return Done(Progress("Succeeded", how=RAN, job=job, properties=_shown(package.body)))


def register(store: Store, group: str, request: Mapping[str, Any], *, token: str, now: float) -> Resource:
    """Add a version to a group, which comes into being where there is none."""
    with store.database.transaction():
        if packages.find_group(store, group) is None:
            packages.create_group(store, group, now, {})
        return packages.register(store, group, request, token=token, now=now)


def _shown(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name != "ClientToken"}


HANDLER = RegisterModelHandler()
