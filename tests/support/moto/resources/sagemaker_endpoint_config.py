"""AWS::SageMaker::EndpointConfig."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation import sagemaker as shared
from tests.support.moto.cloudformation.resource import Made, Order, Resource


def create(order: Order, sagemaker: Any) -> Made:
    """Make the configuration."""
    return shared.create(order, sagemaker, "EndpointConfig", "EndpointConfigName")


def delete(order: Order, sagemaker: Any) -> None:
    """Delete the configuration."""
    assert order.made is not None
    sagemaker.delete_endpoint_config(EndpointConfigName=order.made.attributes["EndpointConfigName"])


RESOURCE = Resource(
    type="AWS::SageMaker::EndpointConfig",
    service="sagemaker",
    native=True,
    why="It drops what it does not know without a word.",
    create=create,
    update=shared.update_tags,
    delete=delete,
    name="EndpointConfigName",
)
