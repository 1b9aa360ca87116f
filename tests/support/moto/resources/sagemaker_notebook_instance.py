"""AWS::SageMaker::NotebookInstance."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation import sagemaker as shared
from tests.support.moto.cloudformation.resource import Made, Order, Resource

_REMOVABLE = {
    "AdditionalCodeRepositories": "DisassociateAdditionalCodeRepositories",
    "DefaultCodeRepository": "DisassociateDefaultCodeRepository",
    "LifecycleConfigName": "DisassociateLifecycleConfig",
}


def create(order: Order, sagemaker: Any) -> Made:
    """Make the instance."""
    return shared.create(order, sagemaker, "NotebookInstance", "NotebookInstanceName")


def update(order: Order, sagemaker: Any) -> Made:
    """Stop the instance, change it, start it."""
    assert order.made is not None
    name = {"NotebookInstanceName": order.made.attributes["NotebookInstanceName"]}
    request = order.properties.some(
        "AcceleratorTypes",
        "AdditionalCodeRepositories",
        "DefaultCodeRepository",
        "InstanceMetadataServiceConfiguration",
        "InstanceType",
        "LifecycleConfigName",
        "RoleArn",
        "RootAccess",
        "VolumeSizeInGB",
    )
    for member, flag in _REMOVABLE.items():
        if member in order.before and member not in request:
            request[flag] = True
    sagemaker.stop_notebook_instance(**name)
    sagemaker.update_notebook_instance(**name, **request)
    sagemaker.start_notebook_instance(**name)
    return shared.update_tags(order, sagemaker)


def delete(order: Order, sagemaker: Any) -> None:
    """Stop the instance and delete it."""
    assert order.made is not None
    sagemaker.stop_notebook_instance(NotebookInstanceName=order.made.attributes["NotebookInstanceName"])
    sagemaker.delete_notebook_instance(NotebookInstanceName=order.made.attributes["NotebookInstanceName"])


RESOURCE = Resource(
    type="AWS::SageMaker::NotebookInstance",
    service="sagemaker",
    native=True,
    why="It drops lifecycle, groups, platform, metadata settings and tags.",
    create=create,
    update=update,
    delete=delete,
    name="NotebookInstanceName",
)
