"""DeployApproved: brings a problem's serving stack to the version approved last, and back to the last good one.

It is told of decisions in the registry, and of deployments of serving stacks that have ended. Both may be told twice
and out of order, so an event only says where to look: what is approved is asked of the registry, what is served of the
stack. The registry is the record, too. A version's metadata say when it was approved and since when it has served;
one whose deployment failed is rejected there, with the reason, so that nothing deploys it again.

The environment has SERVING, {"model package group": "stack"} in JSON, and RESOURCE_TYPES, a list of what its templates
hold: CloudFormation refuses a template with anything else.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from functools import cache
from typing import Any

import boto3

PARAMETER = "ModelPackageArn"
APPROVED, SERVED = "sageline:approved", "sageline:served"
NONE = "none"
FORWARD, BACK = "sageline-deploy", "sageline-back"
AT_REST = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE")
LONGEST_DESCRIPTION = 1024  # what the registry takes


@dataclass(frozen=True)
class Version:
    """A version of a model package group, as the registry has it; times are UTC, as in events, "" for never."""

    arn: str
    number: int
    status: str
    approved: str
    served: str

    @property
    def has_served(self) -> bool:
        """Whether it has served since it was approved."""
        return self.served >= self.approved > ""

    @property
    def order(self) -> tuple[str, int]:
        """Its place among approvals; of two in the same second the higher version is the later."""
        return self.approved, self.number


def handler(event: dict[str, Any], context: object) -> dict[str, str]:
    """Return {"Deployment": the version that is being deployed now, "none" where nothing has to change}."""
    del context
    detail, serving = event["detail"], json.loads(os.environ["SERVING"])
    if event["source"] == "aws.cloudformation":
        name = detail["stack-id"].split("/")[1]
        group = next((each for each, stack in serving.items() if stack == name), None)
        if group is None:
            return {"Deployment": NONE}
        settle(event, name)
    else:
        group = detail["ModelPackageGroupName"]
        note(event)
    return {"Deployment": bring(group, serving[group])}


def note(event: dict[str, Any]) -> None:
    """Write down when a version was approved, where the event tells of that, and the version still is."""
    fields = event["detail"].get("UpdatedModelPackageFields")
    if fields and "ModelApprovalStatus" not in fields:
        return  # other changes are told as well, this function's own among them
    version = look_up(event["detail"]["ModelPackageArn"])
    if version.status == "Approved" and event["time"] > version.approved:
        write(version.arn, {APPROVED: event["time"]})


def settle(event: dict[str, Any], name: str) -> None:
    """Write down how a deployment ended: the version serves, or it is rejected with the reason.

    Raises:
        RuntimeError: going back has failed; trying again at once would fail again.
    """
    status = event["detail"]["status-details"]["status"]
    token = event["detail"].get("client-request-token") or ""
    if status == "UPDATE_ROLLBACK_COMPLETE":
        if token.startswith(BACK):
            raise RuntimeError(f"{name} could not go back to the last good version: {reason(name, token)}")
        if token.startswith(FORWARD):
            reject(name, token)
        return
    served = parameters(stack_of(name)).get(PARAMETER)
    if served:
        version = look_up(served)
        if not version.has_served:
            # What a person deployed by hand counts as approved then: older approvals must not displace it.
            write(served, {SERVED: event["time"], APPROVED: version.approved or event["time"]})


def reject(name: str, token: str) -> None:
    """Reject the version that a deployment was for, unless it was approved again since."""
    number, moment = token.removeprefix(f"{FORWARD}-").split("-")[:2]
    group = next(each for each, stack in json.loads(os.environ["SERVING"]).items() if stack == name)
    for version in approved(group):
        if version.number == int(number) and compact(version.approved) == moment:
            why = f"Its deployment failed: {reason(name, token)} Approve it again to try once more."
            print(f"{version.arn} is rejected. {why}")
            aws("sagemaker").update_model_package(
                ModelPackageArn=version.arn,
                ModelApprovalStatus="Rejected",
                ApprovalDescription=" ".join(why.split())[:LONGEST_DESCRIPTION],
            )


def reason(name: str, token: str) -> str:
    """Return why the first thing in a stack failed, of all that one request started."""
    pages = aws("cloudformation").get_paginator("describe_stack_events").paginate(StackName=name)
    failed = [
        f"{each['LogicalResourceId']}: {each['ResourceStatusReason']}"
        for page in pages
        for each in page["StackEvents"]
        if each.get("ClientRequestToken") == token
        and each["ResourceStatus"].endswith("_FAILED")
        and "cancelled" not in each.get("ResourceStatusReason", "cancelled")
    ]
    return failed[-1] if failed else f"the events of {name} say why."  # the newest are listed first


def bring(group: str, name: str) -> str:
    """Start the deployment of what should be served, and return its ARN; "none" where that is so, or has to wait.

    Raises:
        RuntimeError: the stack cannot be updated, or what it serves was rejected and there is nothing to go back to.
    """
    stack = stack_of(name)
    if stack["StackStatus"].endswith("_IN_PROGRESS"):
        print(f"{name} is being changed: its end is told, and then this goes on.")
        return NONE
    if stack["StackStatus"] not in AT_REST:
        raise RuntimeError(f"{name} is {stack['StackStatus']} and takes no update. Mend it, then approve once more.")
    wanted, back = choose(group, parameters(stack).get(PARAMETER) or "")
    if wanted is None:
        return NONE
    update(stack, wanted, BACK if back else FORWARD)
    print(f"{name} goes {'back ' if back else ''}to {wanted.arn}.")
    return wanted.arn


def choose(group: str, serving: str) -> tuple[Version | None, bool]:
    """Return the version to deploy, None where what serves is right, and whether that is going back."""
    now = served_now(serving)
    others = [each for each in approved(group) if each.approved and each.arn != serving]
    # Whoever takes a version off the stack by hand does not find it there again: only what is approved after it counts.
    since = now.order if serving else max((each.order for each in others if each.has_served), default=now.order)
    later = [each for each in others if each.order > since]
    if later:
        return max(later, key=lambda each: each.order), False
    if now.status != "Rejected":
        return None, False
    good = [each for each in others if each.served]
    if not good:
        raise RuntimeError(f"{serving} was rejected and still serves: no other approved version of {group} has served.")
    return max(good, key=lambda each: each.order), True


def served_now(arn: str) -> Version:
    """Return the version that a stack has; one without times where it has none, or one that was deleted since."""
    none = Version(arn, 0, "", "", "")
    if not arn:
        return none
    try:
        return look_up(arn)
    except aws("sagemaker").exceptions.ClientError as error:
        if "does not exist" not in str(error):
            raise
        return none


def update(stack: dict[str, Any], wanted: Version, purpose: str) -> None:
    """Update a stack to the same template with another version; everything else in it stays as it is."""
    # The stack's last change is in the token: the same request twice is one update, and going back later is another.
    since = digest(f"{stack['StackId']} {stack.get('LastUpdatedTime')}")
    others = [name for name in parameters(stack) if name != PARAMETER]
    aws("cloudformation").update_stack(
        StackName=stack["StackName"],
        UsePreviousTemplate=True,
        Parameters=[
            {"ParameterKey": PARAMETER, "ParameterValue": wanted.arn},
            *({"ParameterKey": name, "UsePreviousValue": True} for name in others),
        ],
        Capabilities=stack.get("Capabilities", []),
        ResourceTypes=json.loads(os.environ["RESOURCE_TYPES"]),
        ClientRequestToken=f"{purpose}-{wanted.number}-{compact(wanted.approved)}-{since}",
    )


def stack_of(name: str) -> dict[str, Any]:
    """Describe a stack."""
    (stack,) = aws("cloudformation").describe_stacks(StackName=name)["Stacks"]
    return dict(stack)


def parameters(stack: dict[str, Any]) -> dict[str, str]:
    """Return a stack's parameters."""
    return {each["ParameterKey"]: each["ParameterValue"] for each in stack.get("Parameters", [])}


def approved(group: str) -> list[Version]:
    """Return a group's approved versions."""
    pages = aws("sagemaker").get_paginator("list_model_packages")
    listed = pages.paginate(ModelPackageGroupName=group, ModelApprovalStatus="Approved")
    return [look_up(each["ModelPackageArn"]) for page in listed for each in page["ModelPackageSummaryList"]]


def look_up(arn: str) -> Version:
    """Return a version as it is in the registry now."""
    package = aws("sagemaker").describe_model_package(ModelPackageName=arn)
    metadata = package.get("CustomerMetadataProperties") or {}
    return Version(
        arn,
        package["ModelPackageVersion"],
        package["ModelApprovalStatus"],
        metadata.get(APPROVED, ""),
        metadata.get(SERVED, ""),
    )


def write(arn: str, metadata: dict[str, str]) -> None:
    """Add to a version's metadata."""
    aws("sagemaker").update_model_package(ModelPackageArn=arn, CustomerMetadataProperties=metadata)


@cache
def aws(service: str) -> Any:
    """Return a service's client."""
    return boto3.client(service)


def compact(moment: str) -> str:
    """Return a time as it may stand in a token, which has letters, digits and hyphens."""
    return "".join(each for each in moment if each.isalnum())


def digest(text: str) -> str:
    """Return what tells texts apart."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
