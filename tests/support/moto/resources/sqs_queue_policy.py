"""AWS::SQS::QueuePolicy."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation.resource import Made, Order, Resource


def put(order: Order, sqs: Any) -> Made:
    """Put the policy on each queue, and take it from those that are no longer named."""
    document, queues = order.properties.document("PolicyDocument"), order.properties.take("Queues")
    for queue in queues:
        sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": document})
    for queue in set(order.before.get("Queues", ())) - set(queues):
        sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": ""})
    return order.made or Made(order.name, {"Id": order.name})


def delete(order: Order, sqs: Any) -> None:
    """Take the policy away."""
    for queue in order.before["Queues"]:
        sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": ""})


RESOURCE = Resource(
    type="AWS::SQS::QueuePolicy",
    service="sqs",
    native=False,
    why="It is skipped.",
    create=put,
    update=put,
    delete=delete,
)
