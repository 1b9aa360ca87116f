"""Model packages: the versions of a model in its group, or packages that stand alone; and their approval."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from local.api import errors, paging
from local.api.call import Call, Response
from local.api.sagemaker import lookups, members
from local.registry import packages
from local.registry.packages import KIND
from local.store.resources import Resource

SUMMARY = (
    "ModelPackageName",
    "ModelPackageGroupName",
    "ModelPackageVersion",
    "ModelPackageArn",
    "ModelPackageDescription",
    "CreationTime",
    "ModelPackageStatus",
    "ModelApprovalStatus",
    "ModelLifeCycle",
    "ModelPackageRegistrationType",
)
REPLACED = (
    "ModelApprovalStatus",
    "ApprovalDescription",
    "InferenceSpecification",
    "ModelCard",
    "ModelLifeCycle",
    "ModelPackageRegistrationType",
    "SourceUri",
)
MAX_METADATA = 50
MAX_SPECIFICATIONS = 15


def create_model_package(call: Call) -> Response:
    """Add a version to a group, or a package of its own name; the same ClientToken again is the same package."""
    params = call.params
    group, name = params.get("ModelPackageGroupName"), params.get("ModelPackageName")
    if (group is None) == (name is None):
        raise errors.invalid("Give either ModelPackageGroupName, for a new version, or ModelPackageName.")
    token = params.get("ClientToken")
    if group is not None:
        found = lookups.model_package_group(call.store, group)
        made = packages.register(call.store, found.name, params, token=token, now=call.now)
    else:
        made = packages.create_alone(call.store, str(name), params, token=token, now=call.now)
    return {"ModelPackageArn": made.arn}


def describe_model_package(call: Call) -> Response:
    """Return everything about a package, named by ARN or by name."""
    found = lookups.model_package(call.store, call.params["ModelPackageName"])
    return members.respond("DescribeModelPackage", found.body)


def list_model_packages(call: Call) -> Response:
    """Return a group's versions, or packages of the type asked for (those without versions by default)."""
    params = call.params
    group = params.get("ModelPackageGroupName")
    name = lookups.model_package_group(call.store, group).name if group else None
    found = [
        each for each in call.store.resources.list(KIND) if _of_type(each, name, params) and _matches(each, params)
    ]
    by_name = params.get("SortBy") == "Name"

    def key(each: Resource) -> paging.Key:
        value = each.body["ModelPackageName"] if by_name else each.created
        return value, f"{each.body.get('ModelPackageVersion', 0):09d}{each.arn}"

    chosen, token = paging.page(found, params, key, descending=False)
    summaries = [members.pick(each.body, SUMMARY) for each in chosen]
    return paging.answer("ModelPackageSummaryList", summaries, token)


def update_model_package(call: Call) -> Response:
    """Change a package, its approval first of all; what changed is recorded as an event."""
    params = call.params
    with call.store.database.transaction():
        found = lookups.model_package(call.store, params["ModelPackageArn"])
        if "ModelApprovalStatus" in params and "ModelPackageVersion" not in found.body:
            raise errors.invalid(f"ModelPackage {found.arn} has no versions: only a version can be approved.")
        changes = {
            **members.pick(params, REPLACED),
            **_new_metadata(found.body, params),
            **_new_specifications(found.body, params),
        }
        changed = [name for name, value in changes.items() if value != found.body.get(name)]
        body = {**found.body, **changes, "LastModifiedTime": call.now}
        updated = call.store.resources.put(KIND, found.name, found.arn, body, now=call.now, status=found.status)
        packages.announce(call.store, updated, call.now, changed)
    return {"ModelPackageArn": found.arn}


def delete_model_package(call: Call) -> Response:
    """Forget a package; its number is not given again."""
    found = lookups.model_package(call.store, call.params["ModelPackageName"])
    call.store.resources.delete(KIND, found.name)
    return {}


def _new_metadata(body: Mapping[str, Any], params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the customer's properties after adding and removing; None, which is not shown, where none are left."""
    added, removed = params.get("CustomerMetadataProperties"), params.get("CustomerMetadataPropertiesToRemove")
    if not added and not removed:
        return {}
    both = {**(body.get("CustomerMetadataProperties") or {}), **(added or {})}
    left = {name: value for name, value in both.items() if name not in (removed or ())}
    if len(left) > MAX_METADATA:
        raise errors.invalid(f"A model package has at most {MAX_METADATA} CustomerMetadataProperties.")
    return {"CustomerMetadataProperties": left or None}


def _new_specifications(body: Mapping[str, Any], params: Mapping[str, Any]) -> dict[str, Any]:
    added = params.get("AdditionalInferenceSpecificationsToAdd")
    if not added:
        return {}
    member = "AdditionalInferenceSpecifications"
    whole = [*(body.get(member) or ()), *added]
    if len(whole) > MAX_SPECIFICATIONS or _repeated(each["Name"] for each in whole):
        raise errors.invalid(f"A model package has at most {MAX_SPECIFICATIONS} {member}, each with its own Name.")
    return {member: whole}


def _repeated(names: Iterable[str]) -> bool:
    listed = list(names)
    return len(set(listed)) < len(listed)


def _of_type(found: Resource, group: str | None, params: Mapping[str, Any]) -> bool:
    if group is not None:
        return found.body.get("ModelPackageGroupName") == group
    wanted = params.get("ModelPackageType", "Unversioned")
    return bool(wanted == "Both" or (wanted == "Versioned") == ("ModelPackageVersion" in found.body))


def _matches(found: Resource, params: Mapping[str, Any]) -> bool:
    status = params.get("ModelApprovalStatus")
    return (
        params.get("NameContains", "").lower() in str(found.body["ModelPackageName"]).lower()
        and (status is None or found.body.get("ModelApprovalStatus") == status)
        and paging.within(found.created, params, "CreationTimeAfter", "CreationTimeBefore")
    )


OPERATIONS = {
    "CreateModelPackage": create_model_package,
    "DescribeModelPackage": describe_model_package,
    "ListModelPackages": list_model_packages,
    "UpdateModelPackage": update_model_package,
    "DeleteModelPackage": delete_model_package,
}
