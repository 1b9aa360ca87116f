"""AWS::Lambda::EventSourceMapping."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation.resource import Made, Order, Resource
from tests.support.moto.cloudformation.tags import tag_map

_SETTINGS = (
    "BatchSize",
    "BisectBatchOnFunctionError",
    "DestinationConfig",
    "Enabled",
    "FilterCriteria",
    "FunctionName",
    "FunctionResponseTypes",
    "KMSKeyArn",
    "MaximumBatchingWindowInSeconds",
    "MaximumRecordAgeInSeconds",
    "MaximumRetryAttempts",
    "ScalingConfig",
)


def create(order: Order, lambda_: Any) -> Made:
    """Have the function fed."""
    tags = tag_map(order.properties.take("Tags"))
    mapping = lambda_.create_event_source_mapping(
        **order.properties.some(*_SETTINGS, "EventSourceArn", "StartingPosition"), **({"Tags": tags} if tags else {})
    )
    return _made(order, mapping)


def update(order: Order, lambda_: Any) -> Made:
    """Change how it is fed."""
    return _made(order, lambda_.update_event_source_mapping(UUID=order.id, **order.properties.some(*_SETTINGS)))


def _made(order: Order, mapping: dict[str, Any]) -> Made:
    id_ = mapping["UUID"]
    return Made(id_, {"Id": id_, "EventSourceMappingArn": order.arn("lambda", f"event-source-mapping:{id_}")})


def delete(order: Order, lambda_: Any) -> None:
    """No longer feed it."""
    lambda_.delete_event_source_mapping(UUID=order.id)


RESOURCE = Resource(
    type="AWS::Lambda::EventSourceMapping",
    service="lambda",
    native=True,
    why="It drops what it does not know without a word.",
    create=create,
    update=update,
    delete=delete,
)
