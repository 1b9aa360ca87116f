"""AWS::SageMaker::ModelPackageGroup."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation import sagemaker as shared
from tests.support.moto.cloudformation.resource import Made, Order, Resource


def create(order: Order, sagemaker: Any) -> Made:
    """Make the group."""
    return shared.create(order, sagemaker, "ModelPackageGroup", "ModelPackageGroupName")


def find(order: Order, sagemaker: Any) -> Made | None:
    """Return the group that has the wanted name."""
    name = order.properties.take("ModelPackageGroupName")
    for each in sagemaker.list_model_package_groups(NameContains=name)["ModelPackageGroupSummaryList"]:
        if each["ModelPackageGroupName"] == name:
            arn = each["ModelPackageGroupArn"]
            return Made(arn, {"ModelPackageGroupName": name, "ModelPackageGroupArn": arn})
    return None


def delete(order: Order, sagemaker: Any) -> None:
    """Delete the group."""
    assert order.made is not None
    sagemaker.delete_model_package_group(ModelPackageGroupName=order.made.attributes["ModelPackageGroupName"])


RESOURCE = Resource(
    type="AWS::SageMaker::ModelPackageGroup",
    service="sagemaker",
    native=False,
    why="It is skipped.",
    create=create,
    update=shared.update_tags,
    delete=delete,
    name="ModelPackageGroupName",
    find=find,
)
