"""AWS::IAM::OIDCProvider."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation.resource import Made, Order, Resource
from tests.support.moto.cloudformation.tags import tag_list


def create(order: Order, iam: Any) -> Made:
    """Make the provider."""
    wanted = order.properties
    request = wanted.some("ThumbprintList", "Url", ClientIDList="ClientIdList")
    tags = tag_list(wanted.take("Tags"))
    arn = iam.create_open_id_connect_provider(Tags=tags, **request)["OpenIDConnectProviderArn"]
    return Made(arn, {"Arn": arn})


def delete(order: Order, iam: Any) -> None:
    """Delete the provider."""
    iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=order.id)


RESOURCE = Resource(
    type="AWS::IAM::OIDCProvider",
    service="iam",
    native=False,
    why="It is skipped.",
    create=create,
    delete=delete,
)
