"""AWS::SageMaker::Endpoint."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation import sagemaker as shared
from tests.support.moto.cloudformation.resource import Made, Order, Resource


def create(order: Order, sagemaker: Any) -> Made:
    """Make the endpoint. What an update keeps is said for updates alone."""
    for name in ("ExcludeRetainedVariantProperties", "RetainAllVariantProperties", "RetainDeploymentConfig"):
        order.properties.take(name)
    return shared.create(order, sagemaker, "Endpoint", "EndpointName")


def update(order: Order, sagemaker: Any) -> Made:
    """Bring the endpoint to another configuration, as guardrails say."""
    assert order.made is not None
    sagemaker.update_endpoint(
        EndpointName=order.made.attributes["EndpointName"],
        **order.properties.some(
            "DeploymentConfig",
            "EndpointConfigName",
            "ExcludeRetainedVariantProperties",
            "RetainAllVariantProperties",
            "RetainDeploymentConfig",
        ),
    )
    return shared.update_tags(order, sagemaker)


def delete(order: Order, sagemaker: Any) -> None:
    """Delete the endpoint."""
    assert order.made is not None
    sagemaker.delete_endpoint(EndpointName=order.made.attributes["EndpointName"])


RESOURCE = Resource(
    type="AWS::SageMaker::Endpoint",
    service="sagemaker",
    native=True,
    why="It drops what it does not know without a word.",
    create=create,
    update=update,
    delete=delete,
    name="EndpointName",
)
