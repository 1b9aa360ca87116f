"""What the command line takes to find an environment: the outputs of its data stack."""

from __future__ import annotations

from infra.constructs.policy import Permission
from infra.permissions.place import Place


def find_buckets(place: Place, stack: str) -> Permission:
    """Return what reading a stack's outputs takes, by the stack's name."""
    return Permission(
        "FindBuckets",
        ["cloudformation:DescribeStacks"],
        [place.arn("cloudformation", "stack", f"{stack}/*")],
        because="A stack's id is CloudFormation's to give.",
    )
