"""AWS::SageMaker::Model."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation import sagemaker as shared
from tests.support.moto.cloudformation.resource import Made, Order, Resource


def create(order: Order, sagemaker: Any) -> Made:
    """Make the model."""
    return shared.create(order, sagemaker, "Model", "ModelName")


def delete(order: Order, sagemaker: Any) -> None:
    """Delete the model."""
    assert order.made is not None
    sagemaker.delete_model(ModelName=order.made.attributes["ModelName"])


RESOURCE = Resource(
    type="AWS::SageMaker::Model",
    service="sagemaker",
    native=True,
    why="It drops isolation.",
    create=create,
    update=shared.update_tags,
    delete=delete,
    name="ModelName",
)
