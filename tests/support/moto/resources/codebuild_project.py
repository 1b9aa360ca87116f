"""AWS::CodeBuild::Project."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation.lower_case import lower_case
from tests.support.moto.cloudformation.resource import Made, Order, Resource

_MEMBERS = (
    "Artifacts",
    "BadgeEnabled",
    "Cache",
    "ConcurrentBuildLimit",
    "Description",
    "EncryptionKey",
    "Environment",
    "LogsConfig",
    "QueuedTimeoutInMinutes",
    "SecondaryArtifacts",
    "ServiceRole",
    "SourceVersion",
    "Tags",
    "TimeoutInMinutes",
    "VpcConfig",
)


def create(order: Order, codebuild: Any) -> Made:
    """Make the project, then say who may see its builds, which is a call of its own."""
    name = order.properties.take("Name", order.name)
    project = codebuild.create_project(name=name, **_request(order))["project"]
    order.made = Made(name, {"Arn": project["arn"]})
    _settle_visibility(order, codebuild)
    return order.made


def update(order: Order, codebuild: Any) -> Made:
    """Change everything but the name."""
    codebuild.update_project(name=order.id, **_request(order))
    _settle_visibility(order, codebuild)
    assert order.made is not None
    return order.made


def _request(order: Order) -> dict[str, Any]:
    request = lower_case(order.properties.some(*_MEMBERS))
    source = lower_case(order.properties.take("Source"))
    if "buildSpec" in source:
        source["buildspec"] = source.pop("buildSpec")
    return {**request, "source": source}


def _settle_visibility(order: Order, codebuild: Any) -> None:
    assert order.made is not None
    visibility = order.properties.take("Visibility", "PRIVATE")
    if visibility != order.before.get("Visibility", "PRIVATE") or not order.before:
        arn = order.made.attributes["Arn"]
        codebuild.update_project_visibility(projectArn=arn, projectVisibility=visibility)


def delete(order: Order, codebuild: Any) -> None:
    """Delete the project."""
    codebuild.delete_project(name=order.id)


RESOURCE = Resource(
    type="AWS::CodeBuild::Project",
    service="codebuild",
    native=False,
    why="It is skipped; moto's projects forget much of what they are given.",
    create=create,
    update=update,
    delete=delete,
    name="Name",
    name_length=100,
)
