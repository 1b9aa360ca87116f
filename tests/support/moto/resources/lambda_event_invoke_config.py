"""AWS::Lambda::EventInvokeConfig: what becomes of events that a function fails on."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation.resource import Made, Order, Resource

_PLACE = ("FunctionName", "Qualifier")


def put(order: Order, lambda_: Any) -> Made:
    """Put the configuration."""
    place = order.properties.some(*_PLACE)
    settings = order.properties.some("DestinationConfig", "MaximumEventAgeInSeconds", "MaximumRetryAttempts")
    lambda_.put_function_event_invoke_config(**_plain(place), **settings)
    return Made("|".join(place.values()))


def _plain(place: dict[str, str]) -> dict[str, str]:
    """Return a place for the call: what CloudFormation calls $LATEST has no qualifier in moto."""
    return {name: value for name, value in place.items() if value != "$LATEST"}


def delete(order: Order, lambda_: Any) -> None:
    """Take the configuration away."""
    place = {name: order.before[name] for name in _PLACE}
    lambda_.delete_function_event_invoke_config(**_plain(place))


RESOURCE = Resource(
    type="AWS::Lambda::EventInvokeConfig",
    service="lambda",
    native=False,
    why="It is skipped.",
    create=put,
    update=put,
    delete=delete,
)
