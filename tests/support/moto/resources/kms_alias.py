"""AWS::KMS::Alias."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation.resource import Made, Order, Resource


def create(order: Order, kms: Any) -> Made:
    """Make the alias."""
    request = order.properties.some("AliasName", "TargetKeyId")
    kms.create_alias(**request)
    return Made(request["AliasName"])


def update(order: Order, kms: Any) -> Made:
    """Point the alias to another key."""
    kms.update_alias(**order.properties.some("AliasName", "TargetKeyId"))
    return Made(order.id)


def delete(order: Order, kms: Any) -> None:
    """Delete the alias, and leave its key."""
    kms.delete_alias(AliasName=order.id)


RESOURCE = Resource(
    type="AWS::KMS::Alias",
    service="kms",
    native=True,
    why="It drops what it does not know without a word.",
    create=create,
    update=update,
    delete=delete,
    name="AliasName",
)
