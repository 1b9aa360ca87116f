"""AWS::Scheduler::ScheduleGroup."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation.resource import Made, Order, Resource
from tests.support.moto.cloudformation.settling import settle_tags
from tests.support.moto.cloudformation.tags import tag_list


def create(order: Order, scheduler: Any) -> Made:
    """Make the group."""
    name = order.properties.take("Name", order.name)
    tags = tag_list(order.properties.take("Tags"))
    arn = scheduler.create_schedule_group(Name=name, Tags=tags)["ScheduleGroupArn"]
    return Made(name, {"Arn": arn})


def update(order: Order, scheduler: Any) -> Made:
    """Change the group's tags: it has nothing else."""
    assert order.made is not None
    arn = order.made.attributes["Arn"]
    settle_tags(
        order,
        lambda tags: scheduler.tag_resource(ResourceArn=arn, Tags=tags),
        lambda keys: scheduler.untag_resource(ResourceArn=arn, TagKeys=keys),
    )
    return order.made


def delete(order: Order, scheduler: Any) -> None:
    """Delete the group, with the schedules that are still in it."""
    scheduler.delete_schedule_group(Name=order.id)


RESOURCE = Resource(
    type="AWS::Scheduler::ScheduleGroup",
    service="scheduler",
    native=False,
    why="It is skipped.",
    create=create,
    update=update,
    delete=delete,
    name="Name",
    name_length=64,
)
