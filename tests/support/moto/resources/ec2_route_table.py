"""AWS::EC2::RouteTable."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation.resource import Made, Order, Resource
from tests.support.moto.cloudformation.tags import change_ec2_tags, ec2_tags


def create(order: Order, ec2: Any) -> Made:
    """Make the table."""
    request = order.properties.some("VpcId")
    id_ = ec2.create_route_table(**request, **ec2_tags(order, "route-table"))["RouteTable"]["RouteTableId"]
    return Made(id_, {"RouteTableId": id_})


def update(order: Order, ec2: Any) -> Made:
    """Change tags."""
    change_ec2_tags(order, ec2)
    assert order.made is not None
    return order.made


def delete(order: Order, ec2: Any) -> None:
    """Delete the table."""
    ec2.delete_route_table(RouteTableId=order.id)


RESOURCE = Resource(
    type="AWS::EC2::RouteTable",
    service="ec2",
    native=True,
    why="It has no deletion, and drops the tags.",
    create=create,
    update=update,
    delete=delete,
)
