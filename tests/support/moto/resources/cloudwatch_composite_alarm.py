"""AWS::CloudWatch::CompositeAlarm."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation.resource import Made, Order, Resource
from tests.support.moto.cloudformation.tags import tag_list


def put(order: Order, cloudwatch: Any) -> Made:
    """Put the alarm; its properties are the call's members."""
    wanted = order.properties
    name = wanted.take("AlarmName", order.made.id if order.made is not None else order.name)
    tags = tag_list(wanted.take("Tags"))
    cloudwatch.put_composite_alarm(AlarmName=name, Tags=tags, **wanted.rest())
    return Made(name, {"Arn": order.arn("cloudwatch", f"alarm:{name}")})


def delete(order: Order, cloudwatch: Any) -> None:
    """Delete the alarm."""
    cloudwatch.delete_alarms(AlarmNames=[order.id])


RESOURCE = Resource(
    type="AWS::CloudWatch::CompositeAlarm",
    service="cloudwatch",
    native=False,
    why="It is skipped, and so is the call.",
    create=put,
    update=put,
    delete=delete,
    name="AlarmName",
    name_length=255,
)
