"""AWS::Logs::LogGroup."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation.resource import Made, Order, Resource
from tests.support.moto.cloudformation.settling import settle, settle_tags
from tests.support.moto.cloudformation.tags import tag_map


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
    arn = order.arn("logs", f"log-group:{order.id}")
    settle_tags(
        order,
        lambda tags: logs.tag_resource(resourceArn=arn, tags=tag_map(tags)),
        lambda keys: logs.untag_resource(resourceArn=arn, tagKeys=keys),
    )
    assert order.made is not None
    return order.made


def _retain(order: Order, logs: Any) -> None:
    settle(
        order,
        "RetentionInDays",
        lambda days: logs.put_retention_policy(logGroupName=order.id, retentionInDays=days),
        lambda: logs.delete_retention_policy(logGroupName=order.id),
    )


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
