"""AWS::SNS::Subscription."""

from __future__ import annotations

import json
from typing import Any

from tests.support.moto.cloudformation.resource import Made, Order, Resource

_ATTRIBUTES = ("DeliveryPolicy", "FilterPolicy", "FilterPolicyScope", "RawMessageDelivery", "RedrivePolicy")


def create(order: Order, sns: Any) -> Made:
    """Subscribe."""
    wanted = order.properties
    attributes = {name: _text(value) for name, value in wanted.some(*_ATTRIBUTES).items()}
    arn = sns.subscribe(
        **wanted.some("TopicArn", "Protocol", "Endpoint"), Attributes=attributes, ReturnSubscriptionArn=True
    )["SubscriptionArn"]
    return Made(arn, {"Arn": arn})


def update(order: Order, sns: Any) -> Made:
    """Change what is delivered, and how."""
    for name, value in order.properties.some(*_ATTRIBUTES).items():
        if value != order.before.get(name):
            sns.set_subscription_attributes(SubscriptionArn=order.id, AttributeName=name, AttributeValue=_text(value))
    assert order.made is not None
    return order.made


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def delete(order: Order, sns: Any) -> None:
    """Unsubscribe."""
    sns.unsubscribe(SubscriptionArn=order.id)


RESOURCE = Resource(
    type="AWS::SNS::Subscription",
    service="sns",
    native=False,
    why="It is skipped.",
    create=create,
    update=update,
    delete=delete,
)
