"""Model package groups: one for each model, its versions inside."""

from __future__ import annotations

from local.api import errors, paging
from local.api.call import Call, Response
from local.api.sagemaker import lookups, members
from local.registry import packages, tags
from local.registry.packages import GROUP_KIND as KIND
from local.store.resources import Resource

SUMMARY = (
    "ModelPackageGroupName",
    "ModelPackageGroupArn",
    "ModelPackageGroupDescription",
    "CreationTime",
    "ModelPackageGroupStatus",
)


def create_model_package_group(call: Call) -> Response:
    """Make an empty group under a new name."""
    given = members.pick(call.params, ("ModelPackageGroupDescription", "ManagedConfiguration"))
    made = packages.create_group(
        call.store, call.params["ModelPackageGroupName"], call.now, given, tags.read(call.params.get("Tags"))
    )
    return {"ModelPackageGroupArn": made.arn}


def describe_model_package_group(call: Call) -> Response:
    """Return what there is to know about a group."""
    found = lookups.model_package_group(call.store, call.params["ModelPackageGroupName"])
    return members.respond("DescribeModelPackageGroup", found.body)


def list_model_package_groups(call: Call) -> Response:
    """Return groups, the oldest first unless asked otherwise."""
    params = call.params
    found = [
        each
        for each in call.store.resources.list(KIND)
        if params.get("NameContains", "").lower() in each.name.lower()
        and params.get("CrossAccountFilterOption") != "CrossAccount"
        and paging.within(each.created, params, "CreationTimeAfter", "CreationTimeBefore")
    ]
    by_name = params.get("SortBy") == "Name"

    def key(each: Resource) -> paging.Key:
        return each.name if by_name else each.created, each.arn

    chosen, token = paging.page(found, params, key, descending=False)
    summaries = [members.pick(each.body, SUMMARY) for each in chosen]
    return paging.answer("ModelPackageGroupSummaryList", summaries, token)


def delete_model_package_group(call: Call) -> Response:
    """Forget a group that holds no versions."""
    with call.store.database.transaction():
        found = lookups.model_package_group(call.store, call.params["ModelPackageGroupName"])
        packages = call.store.resources.list("ModelPackage")
        if any(each.body.get("ModelPackageGroupName") == found.name for each in packages):
            raise errors.conflict(f"The ModelPackageGroup {found.name} still holds model packages. Delete those first.")
        call.store.resources.delete(KIND, found.name)
    return {}


OPERATIONS = {
    "CreateModelPackageGroup": create_model_package_group,
    "DescribeModelPackageGroup": describe_model_package_group,
    "ListModelPackageGroups": list_model_package_groups,
    "DeleteModelPackageGroup": delete_model_package_group,
}
