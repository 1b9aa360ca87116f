"""AWS::CloudWatch::Dashboard."""

from __future__ import annotations

import json
from typing import Any

from tests.support.moto.cloudformation.resource import Made, Order, Resource


def put(order: Order, cloudwatch: Any) -> Made:
    """Put the dashboard, whose body has to be JSON: moto does not look."""
    name = order.properties.take("DashboardName", order.made.id if order.made is not None else order.name)
    body = order.properties.take("DashboardBody")
    json.loads(body)
    cloudwatch.put_dashboard(DashboardName=name, DashboardBody=body, **order.properties.some("Tags"))
    return Made(name)


def delete(order: Order, cloudwatch: Any) -> None:
    """Delete the dashboard."""
    cloudwatch.delete_dashboards(DashboardNames=[order.id])


RESOURCE = Resource(
    type="AWS::CloudWatch::Dashboard",
    service="cloudwatch",
    native=True,
    why="It drops what it does not know without a word.",
    create=put,
    update=put,
    delete=delete,
    name="DashboardName",
    name_length=255,
)
