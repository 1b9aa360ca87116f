"""The event that a model package's change is announced with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from local.api.sagemaker import members
from local.store.resources import Resource
from local.store.store import Store

DETAIL_TYPE = "SageMaker Model Package State Change"
TIMES = ("CreationTime", "LastModifiedTime")
# The description's members that the event leaves out.
LEFT_OUT = ("ModelPackageName", "CreatedBy", "LastModifiedBy", "ModelCard")


def record(store: Store, package: Resource, now: float, changed: Sequence[str] = ()) -> None:
    """Record that a package was made or changed. `changed` names members, as in `UpdatedModelPackageFields`.

    Handlers tell an approval from a change of metadata by that list: both events hold the approval status.
    """
    body = members.respond("DescribeModelPackage", package.body)
    detail = {name: value for name, value in body.items() if name not in LEFT_OUT}
    if "ModelPackageGroupName" not in detail:
        detail["ModelPackageName"] = body["ModelPackageName"]
    for name in TIMES:
        if name in detail:
            detail[name] = datetime.fromtimestamp(detail[name], UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if changed:
        detail["UpdatedModelPackageFields"] = list(changed)
    store.events.record(DETAIL_TYPE, detail, [package.arn], now=now)
