"""AWS::KMS::Key."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation.resource import Made, Order, Resource
from tests.support.moto.cloudformation.tags import changed_tags, tag_list


def create(order: Order, kms: Any) -> Made:
    """Make the key, then its rotation."""
    wanted = order.properties
    tags = [{"TagKey": each["Key"], "TagValue": each["Value"]} for each in tag_list(wanted.take("Tags"))]
    request = wanted.some("Description", "KeySpec", "KeyUsage", "MultiRegion", "Origin")
    key = kms.create_key(Policy=wanted.document("KeyPolicy"), Tags=tags, **request)["KeyMetadata"]
    order.made = Made(key["KeyId"], {"Arn": key["Arn"], "KeyId": key["KeyId"]})
    _settle(order, kms)
    return order.made


def update(order: Order, kms: Any) -> Made:
    """Change policy, description, tags and rotation."""
    wanted = order.properties
    kms.put_key_policy(KeyId=order.id, PolicyName="default", Policy=wanted.document("KeyPolicy"))
    kms.update_key_description(KeyId=order.id, Description=wanted.take("Description", ""))
    tags, removed = changed_tags(order)
    if tags:
        kms.tag_resource(KeyId=order.id, Tags=[{"TagKey": each["Key"], "TagValue": each["Value"]} for each in tags])
    if removed:
        kms.untag_resource(KeyId=order.id, TagKeys=removed)
    _settle(order, kms)
    assert order.made is not None
    return order.made


def _settle(order: Order, kms: Any) -> None:
    """Turn rotation and the key itself on or off. How long deletion waits is used when it is deleted."""
    wanted = order.properties
    wanted.take("PendingWindowInDays")
    period = wanted.some("RotationPeriodInDays")
    if wanted.take("EnableKeyRotation", False):
        kms.enable_key_rotation(KeyId=order.id, **period)
    else:
        kms.disable_key_rotation(KeyId=order.id)
    if not wanted.take("Enabled", True):
        kms.disable_key(KeyId=order.id)
    elif order.before.get("Enabled") is False:
        kms.enable_key(KeyId=order.id)


def delete(order: Order, kms: Any) -> None:
    """Schedule the key's deletion."""
    kms.schedule_key_deletion(KeyId=order.id, PendingWindowInDays=order.before.get("PendingWindowInDays", 30))


RESOURCE = Resource(
    type="AWS::KMS::Key",
    service="kms",
    native=True,
    why="It has no update.",
    create=create,
    update=update,
    delete=delete,
)
