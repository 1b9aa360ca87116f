"""AWS::SageMaker::ModelPackageGroup."""

from __future__ import annotations

import json
from typing import Any

from tests.support.moto.cloudformation import sagemaker as shared
from tests.support.moto.cloudformation.resource import Made, Order, Resource
from tests.support.moto.cloudformation.settling import settle


def create(order: Order, sagemaker: Any) -> Made:
    """Make the group, then its policy."""
    policy = order.properties.take("ModelPackageGroupPolicy")
    order.made = shared.create(order, sagemaker, "ModelPackageGroup", "ModelPackageGroupName")
    if policy is not None:
        _put(order, sagemaker, policy)
    return order.made


def update(order: Order, sagemaker: Any) -> Made:
    """Change the policy and the tags: another name or description replaces the group."""
    order.properties.some("ModelPackageGroupDescription", "ModelPackageGroupName")
    settle(
        order,
        "ModelPackageGroupPolicy",
        lambda policy: _put(order, sagemaker, policy),
        lambda: sagemaker.delete_model_package_group_policy(ModelPackageGroupName=_name(order)),
    )
    return shared.update_tags(order, sagemaker)


def _put(order: Order, sagemaker: Any, policy: Any) -> None:
    sagemaker.put_model_package_group_policy(ModelPackageGroupName=_name(order), ResourcePolicy=json.dumps(policy))


def _name(order: Order) -> str:
    assert order.made is not None
    return str(order.made.attributes["ModelPackageGroupName"])


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
    sagemaker.delete_model_package_group(ModelPackageGroupName=_name(order))


RESOURCE = Resource(
    type="AWS::SageMaker::ModelPackageGroup",
    service="sagemaker",
    native=False,
    why="It is skipped.",
    create=create,
    update=update,
    delete=delete,
    name="ModelPackageGroupName",
    find=find,
)
