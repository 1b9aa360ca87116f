"""AWS::EC2::SubnetRouteTableAssociation."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation.resource import Made, Order, Resource


def create(order: Order, ec2: Any) -> Made:
    """Give the subnet its table."""
    id_ = ec2.associate_route_table(**order.properties.some("RouteTableId", "SubnetId"))["AssociationId"]
    return Made(id_, {"Id": id_})


def delete(order: Order, ec2: Any) -> None:
    """Take the table away."""
    ec2.disassociate_route_table(AssociationId=order.id)


RESOURCE = Resource(
    type="AWS::EC2::SubnetRouteTableAssociation",
    service="ec2",
    native=True,
    why="It has no deletion.",
    create=create,
    delete=delete,
)
