"""AWS::ECR::Repository, as the bootstrap stack has one."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation.resource import Made, Order, Resource
from tests.support.moto.cloudformation.tags import tag_list


def create(order: Order, ecr: Any) -> Made:
    """Make the repository, then its policies."""
    wanted = order.properties
    request = wanted.some(
        imageTagMutability="ImageTagMutability", imageScanningConfiguration="ImageScanningConfiguration"
    )
    if "imageScanningConfiguration" in request:
        request["imageScanningConfiguration"] = {"scanOnPush": request["imageScanningConfiguration"]["ScanOnPush"]}
    repository = ecr.create_repository(
        repositoryName=wanted.take("RepositoryName", order.name.lower()),
        tags=tag_list(wanted.take("Tags")),
        **request,
    )["repository"]
    name = repository["repositoryName"]
    order.made = Made(name, {"Arn": repository["repositoryArn"], "RepositoryUri": repository["repositoryUri"]})
    if "LifecyclePolicy" in wanted:
        policy = wanted.group("LifecyclePolicy").take("LifecyclePolicyText")
        ecr.put_lifecycle_policy(repositoryName=name, lifecyclePolicyText=policy)
    if "RepositoryPolicyText" in wanted:
        ecr.set_repository_policy(repositoryName=name, policyText=wanted.document("RepositoryPolicyText"))
    return order.made


def delete(order: Order, ecr: Any) -> None:
    """Delete the repository."""
    ecr.delete_repository(repositoryName=order.id)


RESOURCE = Resource(
    type="AWS::ECR::Repository",
    service="ecr",
    native=True,
    why="It drops what it does not know without a word.",
    create=create,
    delete=delete,
    name="RepositoryName",
)
