"""AWS::Events::Rule."""

from __future__ import annotations

import json
from typing import Any

from tests.support.moto.cloudformation.resource import Made, Order, Resource
from tests.support.moto.cloudformation.tags import changed_tags, tag_list


def create(order: Order, events: Any) -> Made:
    """Make the rule, then its targets."""
    wanted = order.properties
    name = wanted.take("Name", order.name)
    tags = tag_list(wanted.take("Tags"))
    bus = wanted.some("EventBusName")
    arn = events.put_rule(Name=name, Tags=tags, **_request(order), **bus)["RuleArn"]
    order.made = Made(name, {"Arn": arn, "RuleName": name})
    _settle_targets(order, events, bus)
    return order.made


def update(order: Order, events: Any) -> Made:
    """Change the rule, its tags and its targets."""
    bus = order.properties.some("EventBusName")
    arn = events.put_rule(Name=order.id, **_request(order), **bus)["RuleArn"]
    tags, removed = changed_tags(order)
    if tags:
        events.tag_resource(ResourceARN=arn, Tags=tags)
    if removed:
        events.untag_resource(ResourceARN=arn, TagKeys=removed)
    _settle_targets(order, events, bus)
    assert order.made is not None
    return order.made


def _request(order: Order) -> dict[str, Any]:
    request = order.properties.some("Description", "EventPattern", "RoleArn", "ScheduleExpression", "State")
    if "EventPattern" in request:
        request["EventPattern"] = json.dumps(request["EventPattern"])
    return request


def _settle_targets(order: Order, events: Any, bus: dict[str, Any]) -> None:
    targets = order.properties.take("Targets", ())
    if targets:
        answer = events.put_targets(Rule=order.id, Targets=targets, **bus)
        assert not answer["FailedEntryCount"], answer["FailedEntries"]
    gone = {each["Id"] for each in order.before.get("Targets", ())} - {each["Id"] for each in targets}
    if gone:
        events.remove_targets(Rule=order.id, Ids=sorted(gone), **bus)


def delete(order: Order, events: Any) -> None:
    """Take the rule's targets away, then delete it."""
    bus = {name: value for name, value in order.before.items() if name == "EventBusName"}
    if targets := [each["Id"] for each in order.before.get("Targets", ())]:
        events.remove_targets(Rule=order.id, Ids=targets, **bus)
    events.delete_rule(Name=order.id, **bus)


RESOURCE = Resource(
    type="AWS::Events::Rule",
    service="events",
    native=True,
    why="It drops what it does not know without a word.",
    create=create,
    update=update,
    delete=delete,
    name="Name",
    name_length=64,
)
