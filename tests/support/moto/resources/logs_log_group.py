"""AWS::Logs::LogGroup."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation.resource import Made, Order, Resource
from tests.support.moto.cloudformation.tags import changed_tags, tag_map


def create(order: Order, logs: Any) -> Made:
    """Make the group, then its retention."""
    wanted = order.properties
    name = wanted.take("LogGroupName", order.name)
    tags = tag_map(wanted.take("Tags"))
    logs.create_log_group(
        logGroupName=name,
        **wanted.some(kmsKeyId="KmsKeyId", logGroupClass="LogGroupClass"),
        **({"tags": tags} if tags else {}),
    )
    order.made = Made(name, {"Arn": order.arn("logs", f"log-group:{name}:*")})
    _retain(order, logs)
    return order.made


def update(order: Order, logs: Any) -> Made:
    """Change retention, key and tags."""
    wanted = order.properties
    _retain(order, logs)
    key = wanted.take("KmsKeyId")
    if key != order.before.get("KmsKeyId"):
        if key is None:
            logs.disassociate_kms_key(logGroupName=order.id)
        else:
            logs.associate_kms_key(logGroupName=order.id, kmsKeyId=key)
    tags, removed = changed_tags(order)
    arn = order.arn("logs", f"log-group:{order.id}")
    if tags:
        logs.tag_resource(resourceArn=arn, tags=tag_map(tags))
    if removed:
        logs.untag_resource(resourceArn=arn, tagKeys=removed)
    assert order.made is not None
    return order.made


def _retain(order: Order, logs: Any) -> None:
    days = order.properties.take("RetentionInDays")
    if days is not None:
        logs.put_retention_policy(logGroupName=order.id, retentionInDays=days)
    elif "RetentionInDays" in order.before:
        logs.delete_retention_policy(logGroupName=order.id)


def delete(order: Order, logs: Any) -> None:
    """Delete the group."""
    logs.delete_log_group(logGroupName=order.id)


RESOURCE = Resource(
    type="AWS::Logs::LogGroup",
    service="logs",
    native=True,
    why="It has no update, and drops the key.",
    create=create,
    update=update,
    delete=delete,
    name="LogGroupName",
    name_length=512,
)
