"""Tags: CloudFormation has a list of keys and values, services have that, or a map, or calls of their own for each."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation.resource import Order

TagList = list[dict[str, str]]


def tag_list(tags: Any) -> TagList:
    """Return tags as a list, which a few types write as a map."""
    if isinstance(tags, dict):
        return [{"Key": key, "Value": value} for key, value in tags.items()]
    return list(tags or ())


def tag_map(tags: Any) -> dict[str, str]:
    """Return tags as a map."""
    return {each["Key"]: each["Value"] for each in tag_list(tags)}


def changed_tags(order: Order) -> tuple[TagList, list[str]]:
    """Take the tags of an update; return those to set and the keys to remove."""
    after, before = tag_map(order.properties.take("Tags")), tag_map(order.before.get("Tags"))
    set_ = [{"Key": key, "Value": value} for key, value in after.items() if before.get(key) != value]
    return set_, [key for key in before if key not in after]


def ec2_tags(order: Order, kind: str) -> dict[str, Any]:
    """Take the tags of something of EC2's that is made, as its calls want them."""
    tags = tag_list(order.properties.take("Tags"))
    return {"TagSpecifications": [{"ResourceType": kind, "Tags": tags}]} if tags else {}


def change_ec2_tags(order: Order, ec2: Any) -> None:
    """Set and remove the tags of something of EC2's."""
    tags, removed = changed_tags(order)
    if tags:
        ec2.create_tags(Resources=[order.id], Tags=tags)
    if removed:
        ec2.delete_tags(Resources=[order.id], Tags=[{"Key": key} for key in removed])
