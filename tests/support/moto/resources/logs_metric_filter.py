"""AWS::Logs::MetricFilter."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation.resource import Made, Order, Resource


def put(order: Order, logs: Any) -> Made:
    """Put the filter; CloudFormation's names of its members start with capitals."""
    wanted = order.properties
    name = wanted.take("FilterName", order.made.id if order.made is not None else order.name)
    logs.put_metric_filter(
        filterName=name,
        **wanted.some(
            logGroupName="LogGroupName", filterPattern="FilterPattern", applyOnTransformedLogs="ApplyOnTransformedLogs"
        ),
        metricTransformations=[_transformation(each) for each in wanted.take("MetricTransformations")],
    )
    return Made(name)


def _transformation(given: dict[str, Any]) -> dict[str, Any]:
    found = {name[0].lower() + name[1:]: value for name, value in given.items()}
    if "dimensions" in found:
        found["dimensions"] = {each["Key"]: each["Value"] for each in found["dimensions"]}
    return found


def delete(order: Order, logs: Any) -> None:
    """Delete the filter."""
    logs.delete_metric_filter(logGroupName=order.before["LogGroupName"], filterName=order.id)


RESOURCE = Resource(
    type="AWS::Logs::MetricFilter",
    service="logs",
    native=False,
    why="moto has the calls alone.",
    create=put,
    update=put,
    delete=delete,
    name="FilterName",
    name_length=512,
)
