"""AWS::SageMaker::NotebookInstanceLifecycleConfig."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation import sagemaker as shared
from tests.support.moto.cloudformation.resource import Made, Order, Resource


def create(order: Order, sagemaker: Any) -> Made:
    """Make the configuration."""
    return shared.create(order, sagemaker, "NotebookInstanceLifecycleConfig", "NotebookInstanceLifecycleConfigName")


def update(order: Order, sagemaker: Any) -> Made:
    """Change the scripts; one that is left out is there no longer."""
    assert order.made is not None
    sagemaker.update_notebook_instance_lifecycle_config(
        NotebookInstanceLifecycleConfigName=order.made.attributes["NotebookInstanceLifecycleConfigName"],
        OnCreate=order.properties.take("OnCreate", []),
        OnStart=order.properties.take("OnStart", []),
    )
    return shared.update_tags(order, sagemaker)


def delete(order: Order, sagemaker: Any) -> None:
    """Delete the configuration."""
    assert order.made is not None
    sagemaker.delete_notebook_instance_lifecycle_config(
        NotebookInstanceLifecycleConfigName=order.made.attributes["NotebookInstanceLifecycleConfigName"]
    )


RESOURCE = Resource(
    type="AWS::SageMaker::NotebookInstanceLifecycleConfig",
    service="sagemaker",
    native=True,
    why="It drops what it does not know without a word.",
    create=create,
    update=update,
    delete=delete,
    name="NotebookInstanceLifecycleConfigName",
)
