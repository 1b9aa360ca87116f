"""Model packages made: the next version of a group, or one that stands alone; and the event that announces a change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from local.registry import tags
from local.registry.errors import RegistryError
from local.registry.times import with_texts
from local.store.names import arn
from local.store.resources import Resource
from local.store.store import Store

KIND = "ModelPackage"
GROUP_KIND = "ModelPackageGroup"
DETAIL_TYPE = "SageMaker Model Package State Change"
# Members of a request that are not members of the description as they stand.
NOT_DESCRIBED = ("ModelPackageName", "ModelPackageGroupName", "Tags", "ClientToken")
# The description's members that the event leaves out, and the one that is ours alone.
_LEFT_OUT = ("ModelPackageName", "CreatedBy", "LastModifiedBy", "ModelCard", "ClientToken")
_TIMES = ("CreationTime", "LastModifiedTime")


def find_group(store: Store, name: str) -> Resource | None:
    """Return a group by its name, in any case as the service takes it."""
    found = store.resources.get(GROUP_KIND, name)
    return found or store.resources.by_arn(arn(f"model-package-group/{name.lower()}"))


def create_group(
    store: Store, name: str, now: float, members: Mapping[str, Any], given: Mapping[str, str] | None = None
) -> Resource:
    """Make an empty group; RegistryError where its name is taken."""
    group_arn = arn(f"model-package-group/{name.lower()}")
    with store.database.transaction():
        if find_group(store, name) is not None:
            message = f"Model Package Group already exists: {group_arn}"
            raise RegistryError(message)
        body = {
            "ModelPackageGroupName": name,
            "ModelPackageGroupArn": group_arn,
            **members,
            "CreationTime": now,
            "CreatedBy": {},
            "ModelPackageGroupStatus": "Completed",
            # Ours alone: a version's number is never given twice, even after the version was deleted.
            "LastVersion": 0,
        }
        made = store.resources.put(GROUP_KIND, name, group_arn, body, now=now, status="Completed")
        store.resources.tag(group_arn, given or {})
    return made


def register(store: Store, group_name: str, request: Mapping[str, Any], *, token: str | None, now: float) -> Resource:
    """Add a version to a group that exists, in one write with its event; the same token again is the same version."""
    given = tags.read(request.get("Tags"))
    with store.database.transaction():
        group = find_group(store, group_name)
        if group is None:
            message = f"ModelPackageGroup {arn(f'model-package-group/{group_name}')} does not exist."
            raise RegistryError(message)
        earlier = _by_token(store, token, group.name)
        if earlier is not None:
            return earlier
        version = int(group.body.get("LastVersion", 0)) + 1
        taken = {**group.body, "LastVersion": version}
        store.resources.put(GROUP_KIND, group.name, group.arn, taken, now=now, status=group.status)
        body = {
            "ModelPackageName": group.name,
            "ModelPackageGroupName": group.name,
            "ModelPackageVersion": version,
            "ModelPackageArn": arn(f"model-package/{group.name.lower()}/{version}"),
            "ModelPackageRegistrationType": "Registered",
            "ModelApprovalStatus": "PendingManualApproval",
            **_described(request, token, now),
        }
        return _put(store, f"{group.name}/{version}", body, given, now)


def create_alone(store: Store, name: str, request: Mapping[str, Any], *, token: str | None, now: float) -> Resource:
    """Make a package of its own name, without versions; the same token again is the same package."""
    given = tags.read(request.get("Tags"))
    package_arn = arn(f"model-package/{name.lower()}")
    with store.database.transaction():
        earlier = _by_token(store, token, None)
        if earlier is not None:
            return earlier
        if store.resources.by_arn(package_arn) is not None:
            message = f"ModelPackage already exists: {package_arn}"
            raise RegistryError(message)
        if "ModelApprovalStatus" in request:
            message = "ModelApprovalStatus is for versions: give ModelPackageGroupName."
            raise RegistryError(message)
        body = {"ModelPackageName": name, "ModelPackageArn": package_arn, **_described(request, token, now)}
        return _put(store, name, body, given, now)


def announce(store: Store, package: Resource, now: float, changed: Sequence[str] = ()) -> None:
    """Record that a package was made or changed. `changed` names members, as in `UpdatedModelPackageFields`.

    Handlers tell an approval from a change of metadata by that list: both events hold the approval status.
    """
    body = package.body
    detail = {name: value for name, value in body.items() if name not in _LEFT_OUT and value is not None}
    if "ModelPackageGroupName" not in detail:
        detail["ModelPackageName"] = body["ModelPackageName"]
    if changed:
        detail["UpdatedModelPackageFields"] = list(changed)
    store.events.record(DETAIL_TYPE, with_texts(detail, _TIMES), [package.arn], now=now)


def _described(request: Mapping[str, Any], token: str | None, now: float) -> dict[str, Any]:
    return {
        **{name: value for name, value in request.items() if name not in NOT_DESCRIBED},
        "CreationTime": now,
        "ModelPackageStatus": "Completed",
        "ModelPackageStatusDetails": {"ValidationStatuses": [], "ImageScanStatuses": []},
        "CertifyForMarketplace": request.get("CertifyForMarketplace", False),
        "CreatedBy": {},
        **({"ClientToken": token} if token is not None else {}),
    }


def _put(store: Store, name: str, body: Mapping[str, Any], given: Mapping[str, str], now: float) -> Resource:
    made = store.resources.put(KIND, name, body["ModelPackageArn"], body, now=now, status="Completed")
    store.resources.tag(made.arn, given)
    announce(store, made, now)
    return made


def _by_token(store: Store, token: str | None, group: str | None) -> Resource | None:
    if token is None:
        return None
    for package in store.resources.list(KIND):
        if package.body.get("ClientToken") == token and package.body.get("ModelPackageGroupName") == group:
            return package
    return None
