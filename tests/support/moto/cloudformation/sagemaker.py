"""What SageMaker's resource types share: their properties are the members of the calls that make them."""

from __future__ import annotations

from typing import Any

from moto.core.utils import camelcase_to_underscores
from tests.support.moto.cloudformation.resource import Made, Order
from tests.support.moto.cloudformation.tags import changed_tags, tag_list


def create(order: Order, sagemaker: Any, kind: str, name: str) -> Made:
    """Make something of a kind, such as Model, that a property such as ModelName names; ``Ref`` gives its ARN."""
    wanted = order.properties
    called = wanted.take(name, order.name)
    tags = tag_list(wanted.take("Tags"))
    request = {name: called} | wanted.rest() | ({"Tags": tags} if tags else {})
    arn = getattr(sagemaker, camelcase_to_underscores(f"Create{kind}"))(**request)[f"{kind}Arn"]
    return Made(arn, {name: called, f"{kind}Arn": arn})


def change_tags(order: Order, sagemaker: Any, arn: str) -> None:
    """Set and remove tags."""
    tags, removed = changed_tags(order)
    if tags:
        sagemaker.add_tags(ResourceArn=arn, Tags=tags)
    if removed:
        sagemaker.delete_tags(ResourceArn=arn, TagKeys=removed)


def update_tags(order: Order, sagemaker: Any) -> Made:
    """Change something of which nothing but tags can change."""
    change_tags(order, sagemaker, order.id)
    assert order.made is not None
    return order.made
