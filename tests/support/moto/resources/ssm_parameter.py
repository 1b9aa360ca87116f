"""AWS::SSM::Parameter."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation.resource import Made, Order, Resource
from tests.support.moto.cloudformation.tags import changed_tags, tag_list

_MEMBERS = ("AllowedPattern", "DataType", "Description", "Policies", "Tier", "Type", "Value")


def create(order: Order, ssm: Any) -> Made:
    """Put the parameter."""
    wanted = order.properties
    name = wanted.take("Name", order.name)
    request = wanted.some(*_MEMBERS)
    ssm.put_parameter(Name=name, Tags=tag_list(wanted.take("Tags")), **request)
    return Made(name, {"Type": request["Type"], "Value": request["Value"]})


def update(order: Order, ssm: Any) -> Made:
    """Put another value."""
    request = order.properties.some(*_MEMBERS)
    ssm.put_parameter(Name=order.id, Overwrite=True, **request)
    tags, removed = changed_tags(order)
    if tags:
        ssm.add_tags_to_resource(ResourceType="Parameter", ResourceId=order.id, Tags=tags)
    if removed:
        ssm.remove_tags_from_resource(ResourceType="Parameter", ResourceId=order.id, TagKeys=removed)
    return Made(order.id, {"Type": request["Type"], "Value": request["Value"]})


def delete(order: Order, ssm: Any) -> None:
    """Delete the parameter."""
    ssm.delete_parameter(Name=order.id)


RESOURCE = Resource(
    type="AWS::SSM::Parameter",
    service="ssm",
    native=True,
    why="It drops what it does not know without a word.",
    create=create,
    update=update,
    delete=delete,
    name="Name",
)
