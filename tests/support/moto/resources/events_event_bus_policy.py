"""AWS::Events::EventBusPolicy: one statement of a bus's policy."""

from __future__ import annotations

import json
from typing import Any

from tests.support.moto.cloudformation.resource import Made, Order, Resource


def put(order: Order, events: Any) -> Made:
    """Put the statement into the policy, in place of one with its id."""
    wanted = order.properties
    bus, id_ = wanted.take("EventBusName"), wanted.take("StatementId")
    statement = wanted.take("Statement") | {"Sid": id_}
    others = [each for each in _statements(events, bus) if each["Sid"] != id_]
    policy = json.dumps({"Version": "2012-10-17", "Statement": [*others, statement]})
    events.put_permission(EventBusName=bus, Policy=policy)
    return Made(f"{bus}|{id_}")


def _statements(events: Any, bus: str) -> list[Any]:
    found: list[Any] = json.loads(events.describe_event_bus(Name=bus).get("Policy") or '{"Statement": []}')["Statement"]
    return found


def delete(order: Order, events: Any) -> None:
    """Take the statement away."""
    events.remove_permission(EventBusName=order.before["EventBusName"], StatementId=order.before["StatementId"])


RESOURCE = Resource(
    type="AWS::Events::EventBusPolicy",
    service="events",
    native=False,
    why="It is skipped.",
    create=put,
    update=put,
    delete=delete,
)
