"""AWS::Events::EventBus."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation.resource import Made, Order, Resource
from tests.support.moto.cloudformation.settling import settle_tags
from tests.support.moto.cloudformation.tags import tag_list


def create(order: Order, events: Any) -> Made:
    """Make the bus."""
    name = order.properties.take("Name")
    tags = tag_list(order.properties.take("Tags"))
    arn = events.create_event_bus(Name=name, Tags=tags, **order.properties.some("Description"))["EventBusArn"]
    return Made(name, {"Arn": arn, "Name": name})


def update(order: Order, events: Any) -> Made:
    """Change the bus's tags; moto has no call that changes what it is described as."""
    assert order.made is not None
    order.properties.some("Description")
    arn = order.made.attributes["Arn"]
    settle_tags(
        order,
        lambda tags: events.tag_resource(ResourceARN=arn, Tags=tags),
        lambda keys: events.untag_resource(ResourceARN=arn, TagKeys=keys),
    )
    return order.made


def delete(order: Order, events: Any) -> None:
    """Delete the bus."""
    events.delete_event_bus(Name=order.id)


RESOURCE = Resource(
    type="AWS::Events::EventBus",
    service="events",
    native=True,
    why="It drops what it does not know without a word.",
    create=create,
    update=update,
    delete=delete,
)
