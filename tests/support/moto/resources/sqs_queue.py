"""AWS::SQS::Queue."""

from __future__ import annotations

import json
from typing import Any

from tests.support.moto.cloudformation.resource import Made, Order, Resource
from tests.support.moto.cloudformation.tags import changed_tags, tag_map

_ATTRIBUTES = (
    "DelaySeconds",
    "KmsDataKeyReusePeriodSeconds",
    "KmsMasterKeyId",
    "MaximumMessageSize",
    "MessageRetentionPeriod",
    "ReceiveMessageWaitTimeSeconds",
    "RedriveAllowPolicy",
    "RedrivePolicy",
    "SqsManagedSseEnabled",
    "VisibilityTimeout",
)


def create(order: Order, sqs: Any) -> Made:
    """Make the queue."""
    wanted = order.properties
    name = wanted.take("QueueName", order.name)
    tags = tag_map(wanted.take("Tags"))
    attributes = _attributes(order) | wanted.some("FifoQueue", "ContentBasedDeduplication")
    url = sqs.create_queue(
        QueueName=name, Attributes={key: _text(each) for key, each in attributes.items()}, tags=tags
    )["QueueUrl"]
    return Made(url, {"Arn": order.arn("sqs", name), "QueueName": name, "QueueUrl": url})


def update(order: Order, sqs: Any) -> Made:
    """Change the queue's attributes and tags. An attribute that is left out keeps its value, as SQS has it."""
    attributes = {name: _text(value) for name, value in _attributes(order).items()}
    sqs.set_queue_attributes(QueueUrl=order.id, Attributes=attributes)
    tags, removed = changed_tags(order)
    if tags:
        sqs.tag_queue(QueueUrl=order.id, Tags=tag_map(tags))
    if removed:
        sqs.untag_queue(QueueUrl=order.id, TagKeys=removed)
    assert order.made is not None
    return order.made


def _attributes(order: Order) -> dict[str, Any]:
    return order.properties.some(*_ATTRIBUTES)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def delete(order: Order, sqs: Any) -> None:
    """Delete the queue."""
    sqs.delete_queue(QueueUrl=order.id)


RESOURCE = Resource(
    type="AWS::SQS::Queue",
    service="sqs",
    native=True,
    why="It drops what it does not know without a word.",
    create=create,
    update=update,
    delete=delete,
    name="QueueName",
    name_length=80,
)
