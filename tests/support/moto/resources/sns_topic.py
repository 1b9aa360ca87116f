"""AWS::SNS::Topic."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation.resource import Made, Order, Resource
from tests.support.moto.cloudformation.tags import changed_tags, tag_list

_ATTRIBUTES = ("DisplayName", "KmsMasterKeyId", "SignatureVersion", "TracingConfig")


def create(order: Order, sns: Any) -> Made:
    """Make the topic."""
    wanted = order.properties
    name = wanted.take("TopicName", order.name)
    tags = tag_list(wanted.take("Tags"))
    arn = sns.create_topic(Name=name, Attributes=wanted.some(*_ATTRIBUTES), Tags=tags)["TopicArn"]
    return Made(arn, {"TopicArn": arn, "TopicName": name})


def update(order: Order, sns: Any) -> Made:
    """Change the topic's attributes and tags."""
    after = order.properties.some(*_ATTRIBUTES)
    for name in _ATTRIBUTES:
        if after.get(name) != order.before.get(name):
            sns.set_topic_attributes(TopicArn=order.id, AttributeName=name, AttributeValue=after.get(name, ""))
    tags, removed = changed_tags(order)
    if tags:
        sns.tag_resource(ResourceArn=order.id, Tags=tags)
    if removed:
        sns.untag_resource(ResourceArn=order.id, TagKeys=removed)
    assert order.made is not None
    return order.made


def delete(order: Order, sns: Any) -> None:
    """Delete the topic."""
    sns.delete_topic(TopicArn=order.id)


RESOURCE = Resource(
    type="AWS::SNS::Topic",
    service="sns",
    native=True,
    why="It drops the key, the display name and the tags.",
    create=create,
    update=update,
    delete=delete,
    name="TopicName",
    name_length=256,
)
