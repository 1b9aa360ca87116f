"""What deploying approved versions takes: looking, deciding against what failed, and one kind of update."""

from __future__ import annotations

from collections.abc import Sequence

from infra.constructs.policy import Permission
from infra.permissions import registry
from infra.permissions.place import Place


def deploy_approved(
    place: Place, names: Sequence[str], stacks: Sequence[str], resource_types: Sequence[str]
) -> list[Permission]:
    """Return what bringing serving stacks to approved versions of some groups takes.

    An update runs with the role that the stack was deployed with, whoever asks for it. So the permission for it holds
    only without another role or another template's address, and for templates of what serving stacks are made of.
    """
    versions = registry.versions(place, names)
    arns = [place.arn("cloudformation", "stack", f"{stack}/*") for stack in stacks]
    every_version = "Every version of a problem's own group may be approved."
    stack_id = "A stack's id is CloudFormation's to give."
    return [
        registry.list_versions(place),
        registry.read_versions(versions, every_version),
        Permission(
            "RecordAndReject",
            ["sagemaker:UpdateModelPackage"],
            versions,
            # Approving is people's: only a rejection, or what leaves the decision as it is.
            {"StringEqualsIfExists": {"sagemaker:ModelApprovalStatus": "Rejected"}},
            because=every_version,
        ),
        Permission(
            "LookAtStacks",
            ["cloudformation:DescribeStackEvents", "cloudformation:DescribeStacks"],
            arns,
            because=stack_id,
        ),
        Permission(
            "UpdateStacks",
            ["cloudformation:UpdateStack"],
            arns,
            {
                "ForAllValues:StringEquals": {"cloudformation:ResourceTypes": sorted(resource_types)},
                "Null": {
                    "cloudformation:ResourceTypes": "false",
                    "cloudformation:RoleArn": "true",
                    "cloudformation:StackPolicyUrl": "true",
                    "cloudformation:TemplateUrl": "true",
                },
            },
            because=stack_id,
        ),
    ]
