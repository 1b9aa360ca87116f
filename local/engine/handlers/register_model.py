"""RegisterModel steps: a new version in the model package group, which comes into being with its first."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from local.definition.document import Step
from local.engine.progress import RAN, Activity, Done, Progress
from local.engine.task import StepTask
from local.store.names import arn
from local.store.resources import Resource
from local.store.store import Store

DEFAULT_APPROVAL = "PendingManualApproval"
_NOT_DESCRIBED = ("ModelPackageGroupName", "ModelPackageName", "Tags", "ClientToken")
_NOT_TOLD = ("ModelPackageName", "CreatedBy")


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
        package = register(task.store, group, arguments, token=token, now=time.time())
        job = {"kind": "ModelPackage", "name": package.name, "arn": package.arn}
        return Done(Progress("Succeeded", how=RAN, job=job, properties=_shown(package.body)))


def register(store: Store, group: str, request: Mapping[str, Any], *, token: str, now: float) -> Resource:
    """Add a version to a group, in one write with its event."""
    with store.database.transaction():
        holder = _group(store, group, now)
        earlier = _by_token(store, holder.name, token)
        if earlier is not None:
            return earlier
        version = int(holder.body.get("LastVersion", 0)) + 1
        body = {**holder.body, "LastVersion": version}
        store.resources.put("ModelPackageGroup", holder.name, holder.arn, body, now=now, status=holder.status)
        package_arn = arn(f"model-package/{holder.name.lower()}/{version}")
        described = {
            "ModelPackageName": holder.name,
            "ModelPackageGroupName": holder.name,
            "ModelPackageVersion": version,
            "ModelPackageArn": package_arn,
            "CreationTime": now,
            "CreatedBy": {},
            "ModelPackageRegistrationType": "Registered",
            "ModelPackageStatus": "Completed",
            "ModelPackageStatusDetails": {"ValidationStatuses": [], "ImageScanStatuses": []},
            "ModelApprovalStatus": DEFAULT_APPROVAL,
            "CertifyForMarketplace": False,
            **{name: value for name, value in request.items() if name not in _NOT_DESCRIBED},
            "ClientToken": token,
        }
        name = f"{holder.name}/{version}"
        package = store.resources.put("ModelPackage", name, package_arn, described, now=now, status="Completed")
        tags = {tag["Key"]: tag["Value"] for tag in request.get("Tags", [])}
        store.resources.tag(package_arn, tags)
        detail = {name: value for name, value in _shown(described).items() if name not in _NOT_TOLD}
        detail["CreationTime"] = datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        store.events.record("SageMaker Model Package State Change", detail, [package_arn], now=now)
    return package


def _group(store: Store, name: str, now: float) -> Resource:
    group_arn = arn(f"model-package-group/{name.lower()}")
    found = store.resources.get("ModelPackageGroup", name) or store.resources.by_arn(group_arn)
    if found is not None:
        return found
    body = {
        "ModelPackageGroupName": name,
        "ModelPackageGroupArn": group_arn,
        "CreationTime": now,
        "CreatedBy": {},
        "ModelPackageGroupStatus": "Completed",
        "LastVersion": 0,
    }
    return store.resources.put("ModelPackageGroup", name, group_arn, body, now=now, status="Completed")


def _by_token(store: Store, group: str, token: str) -> Resource | None:
    for package in store.resources.list("ModelPackage"):
        if package.body.get("ClientToken") == token and package.body.get("ModelPackageGroupName") == group:
            return package
    return None


def _shown(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name != "ClientToken"}


HANDLER = RegisterModelHandler()
