"""AWS::CodePipeline::Pipeline."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation.lower_case import lower_case
from tests.support.moto.cloudformation.resource import Made, Order, Resource
from tests.support.moto.cloudformation.settling import settle_tags
from tests.support.moto.cloudformation.tags import tag_list

_MEMBERS = (
    "ArtifactStore",
    "ArtifactStores",
    "ExecutionMode",
    "PipelineType",
    "RoleArn",
    "Stages",
    "Triggers",
    "Variables",
)


def create(order: Order, codepipeline: Any) -> Made:
    """Make the pipeline. CodePipeline would start it at once."""
    name = order.properties.take("Name", order.name)
    tags = lower_case(tag_list(order.properties.take("Tags")))
    return _made(codepipeline.create_pipeline(pipeline=_declaration(order, name), tags=tags))


def update(order: Order, codepipeline: Any) -> Made:
    """Change everything but the name."""
    made = _made(codepipeline.update_pipeline(pipeline=_declaration(order, order.id)))
    arn = order.arn("codepipeline", order.id)
    settle_tags(
        order,
        lambda tags: codepipeline.tag_resource(resourceArn=arn, tags=lower_case(tags)),
        lambda keys: codepipeline.untag_resource(resourceArn=arn, tagKeys=keys),
    )
    return made


def _declaration(order: Order, name: str) -> dict[str, Any]:
    # An action's configuration has members of the action's own.
    return {"name": name, **lower_case(order.properties.some(*_MEMBERS), kept=["Configuration"])}


def _made(answer: Any) -> Made:
    pipeline = answer["pipeline"]
    return Made(pipeline["name"], {"Version": str(pipeline["version"])})


def delete(order: Order, codepipeline: Any) -> None:
    """Delete the pipeline."""
    codepipeline.delete_pipeline(name=order.id)


RESOURCE = Resource(
    type="AWS::CodePipeline::Pipeline",
    service="codepipeline",
    native=False,
    why="It is skipped.",
    create=create,
    update=update,
    delete=delete,
    name="Name",
    name_length=100,
)
