"""AWS::CloudWatch::Alarm."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation.resource import Made, Order, Resource
from tests.support.moto.cloudformation.tags import changed_tags, tag_list


def create(order: Order, cloudwatch: Any) -> Made:
    """Make the alarm; its properties are the call's members."""
    wanted = order.properties
    name = wanted.take("AlarmName", order.name)
    tags = tag_list(wanted.take("Tags"))
    cloudwatch.put_metric_alarm(AlarmName=name, Tags=tags, **wanted.rest())
    return Made(name, {"Arn": order.arn("cloudwatch", f"alarm:{name}")})


def update(order: Order, cloudwatch: Any) -> Made:
    """Put the alarm again. Its tags are calls of their own."""
    assert order.made is not None
    tags, removed = changed_tags(order)
    arn = order.made.attributes["Arn"]
    order.properties.take("AlarmName")
    cloudwatch.put_metric_alarm(AlarmName=order.id, **order.properties.rest())
    if tags:
        cloudwatch.tag_resource(ResourceARN=arn, Tags=tags)
    if removed:
        cloudwatch.untag_resource(ResourceARN=arn, TagKeys=removed)
    return order.made


def delete(order: Order, cloudwatch: Any) -> None:
    """Delete the alarm."""
    cloudwatch.delete_alarms(AlarmNames=[order.id])


RESOURCE = Resource(
    type="AWS::CloudWatch::Alarm",
    service="cloudwatch",
    native=False,
    why="It is skipped.",
    create=create,
    update=update,
    delete=delete,
    name="AlarmName",
    name_length=255,
)
