"""AWS::SageMaker::Domain."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation import sagemaker as shared
from tests.support.moto.cloudformation.resource import Made, Order, Resource
from tests.support.moto.cloudformation.tags import tag_list


def create(order: Order, sagemaker: Any) -> Made:
    """Make the domain; its properties are the call's members."""
    tags = tag_list(order.properties.take("Tags"))
    answer = sagemaker.create_domain(**order.properties.rest(), Tags=tags)
    id_ = answer["DomainId"]
    return Made(id_, {"DomainArn": answer["DomainArn"], "DomainId": id_, "Url": answer["Url"]})


def update(order: Order, sagemaker: Any) -> Made:
    """Change the domain's settings and tags."""
    assert order.made is not None
    request = order.properties.some(
        "AppNetworkAccessType",
        "AppSecurityGroupManagement",
        "DefaultSpaceSettings",
        "DefaultUserSettings",
        "SubnetIds",
        "TagPropagation",
        "VpcId",
        DomainSettingsForUpdate="DomainSettings",
    )
    sagemaker.update_domain(DomainId=order.id, **request)
    shared.change_tags(order, sagemaker, order.made.attributes["DomainArn"])
    return order.made


def delete(order: Order, sagemaker: Any) -> None:
    """Delete the domain, and leave the home folders."""
    sagemaker.delete_domain(DomainId=order.id, RetentionPolicy={"HomeEfsFileSystem": "Retain"})


RESOURCE = Resource(
    type="AWS::SageMaker::Domain",
    service="sagemaker",
    native=False,
    why="It is skipped.",
    create=create,
    update=update,
    delete=delete,
)
