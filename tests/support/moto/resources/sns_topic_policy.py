"""AWS::SNS::TopicPolicy."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation.resource import Made, Order, Resource


def put(order: Order, sns: Any) -> Made:
    """Put the policy on each topic."""
    document = order.properties.document("PolicyDocument")
    for topic in order.properties.take("Topics"):
        sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=document)
    return order.made or Made(order.name, {"Id": order.name})


def delete(order: Order, sns: Any) -> None:
    """Leave topics to themselves: SNS has no topic without a policy, and theirs goes when they go."""


RESOURCE = Resource(
    type="AWS::SNS::TopicPolicy",
    service="sns",
    native=False,
    why="It is skipped.",
    create=put,
    update=put,
    delete=delete,
)
