"""What updates do to what services keep apart from the rest: tags, and settings with calls of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.support.moto.cloudformation.resource import Order
from tests.support.moto.cloudformation.tags import TagList, changed_tags


def settle_tags(order: Order, tag: Callable[[TagList], object], untag: Callable[[list[str]], object]) -> None:
    """Set and remove the tags that an update changes."""
    tags, removed = changed_tags(order)
    if tags:
        tag(tags)
    if removed:
        untag(removed)


def settle(order: Order, name: str, put: Callable[[Any], object], remove: Callable[[], object]) -> None:
    """Set a property that may be left out, or remove it where it was there before."""
    value = order.properties.take(name)
    if value is not None:
        put(value)
    elif name in order.before:
        remove()
