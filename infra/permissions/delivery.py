"""What deploying an environment and trying it takes: the roles of `cdk bootstrap`, its pipelines, its candidates."""

from __future__ import annotations

from collections.abc import Sequence

from infra.constructs.policy import Permission
from infra.permissions import scientist
from infra.permissions.place import Place

#: What `cdk bootstrap` calls its roles when it is not told otherwise.
QUALIFIER = "hnb659fds"
_DEPLOYING = ("deploy", "file-publishing")


def deploy(place: Place) -> list[Permission]:
    """Return what `cdk deploy` takes: the bootstrap's roles do the rest, with the rights that they have."""
    stack = place.stack
    roles = [
        f"arn:{stack.partition}:iam::{stack.account}:role/cdk-{QUALIFIER}-{use}-role-{stack.account}-{stack.region}"
        for use in _DEPLOYING
    ]
    return [Permission("TakeOnBootstrapRoles", ["sts:AssumeRole"], roles)]


def attempt(place: Place, names: Sequence[str]) -> list[Permission]:
    """Return what running some pipelines takes, and asking the endpoints of the candidates that they deploy."""
    endpoints = [place.arn("sagemaker", "endpoint", name) for name in names]
    return [
        *scientist.pipelines(place, names),
        Permission("AskCandidates", ["sagemaker:DescribeEndpoint", "sagemaker:InvokeEndpoint"], endpoints),
        Permission(
            "FindEndpoints",
            ["sagemaker:ListEndpoints"],
            ["*"],
            place.only_here,
            because="The action has no resource; it shows names.",
        ),
    ]
