"""AWS::Scheduler::Schedule."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation.resource import Made, Order, Resource

_MEMBERS = (
    "Description",
    "EndDate",
    "FlexibleTimeWindow",
    "GroupName",
    "KmsKeyArn",
    "ScheduleExpression",
    "ScheduleExpressionTimezone",
    "StartDate",
    "State",
    "Target",
)


def create(order: Order, scheduler: Any) -> Made:
    """Make the schedule."""
    name = order.properties.take("Name", order.name)
    arn = scheduler.create_schedule(Name=name, **order.properties.some(*_MEMBERS))["ScheduleArn"]
    return Made(name, {"Arn": arn})


def update(order: Order, scheduler: Any) -> Made:
    """Change the schedule."""
    arn = scheduler.update_schedule(Name=order.id, **order.properties.some(*_MEMBERS))["ScheduleArn"]
    return Made(order.id, {"Arn": arn})


def delete(order: Order, scheduler: Any) -> None:
    """Delete the schedule."""
    group = {"GroupName": order.before["GroupName"]} if "GroupName" in order.before else {}
    scheduler.delete_schedule(Name=order.id, **group)


RESOURCE = Resource(
    type="AWS::Scheduler::Schedule",
    service="scheduler",
    native=False,
    why="It is skipped.",
    create=create,
    update=update,
    delete=delete,
    name="Name",
    name_length=64,
)
