"""AWS::SageMaker::UserProfile."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation import sagemaker as shared
from tests.support.moto.cloudformation.resource import Made, Order, Resource
from tests.support.moto.cloudformation.tags import tag_list


def create(order: Order, sagemaker: Any) -> Made:
    """Make the profile; its properties are the call's members."""
    tags = tag_list(order.properties.take("Tags"))
    request = order.properties.rest()
    arn = sagemaker.create_user_profile(**request, Tags=tags)["UserProfileArn"]
    return Made(request["UserProfileName"], {"UserProfileArn": arn})


def update(order: Order, sagemaker: Any) -> Made:
    """Change settings and tags."""
    assert order.made is not None
    settings = order.properties.some("UserSettings")
    sagemaker.update_user_profile(DomainId=order.before["DomainId"], UserProfileName=order.id, **settings)
    shared.change_tags(order, sagemaker, order.made.attributes["UserProfileArn"])
    return order.made


def delete(order: Order, sagemaker: Any) -> None:
    """Delete the profile."""
    sagemaker.delete_user_profile(DomainId=order.before["DomainId"], UserProfileName=order.id)


RESOURCE = Resource(
    type="AWS::SageMaker::UserProfile",
    service="sagemaker",
    native=False,
    why="It is skipped, and so are the calls.",
    create=create,
    update=update,
    delete=delete,
    name="UserProfileName",
)
