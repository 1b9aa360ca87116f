"""AWS::SageMaker::Pipeline."""

from __future__ import annotations

import uuid
from typing import Any

from tests.support.moto.cloudformation import sagemaker as shared
from tests.support.moto.cloudformation.resource import Made, Order, Resource
from tests.support.moto.cloudformation.tags import tag_list

_MEMBERS = ("ParallelismConfiguration", "PipelineDescription", "PipelineDisplayName", "RoleArn")


def create(order: Order, sagemaker: Any) -> Made:
    """Make the pipeline."""
    wanted = order.properties
    name, tags = wanted.take("PipelineName", order.name), tag_list(wanted.take("Tags"))
    sagemaker.create_pipeline(
        PipelineName=name,
        ClientRequestToken=uuid.uuid4().hex,
        Tags=tags,
        **wanted.some(*_MEMBERS),
        **_definition(order),
    )
    return Made(name)


def update(order: Order, sagemaker: Any) -> Made:
    """Change definition, role, parallelism and tags."""
    sagemaker.update_pipeline(PipelineName=order.id, **order.properties.some(*_MEMBERS), **_definition(order))
    shared.change_tags(order, sagemaker, order.arn("sagemaker", f"pipeline/{order.id}"))
    return Made(order.id)


def _definition(order: Order) -> dict[str, Any]:
    """Return the definition: its text, or where it lies, which the call has other words for."""
    definition = order.properties.group("PipelineDefinition")
    request = definition.some(PipelineDefinition="PipelineDefinitionBody")
    if "PipelineDefinitionS3Location" in definition:
        place = definition.group("PipelineDefinitionS3Location")
        request["PipelineDefinitionS3Location"] = place.some("Bucket", ObjectKey="Key", VersionId="Version")
    return request


def delete(order: Order, sagemaker: Any) -> None:
    """Delete the pipeline."""
    sagemaker.delete_pipeline(PipelineName=order.id, ClientRequestToken=uuid.uuid4().hex)


RESOURCE = Resource(
    type="AWS::SageMaker::Pipeline",
    service="sagemaker",
    native=False,
    why="It is skipped.",
    create=create,
    update=update,
    delete=delete,
    name="PipelineName",
)
