"""AWS::EC2::Subnet."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation.resource import Made, Order, Resource
from tests.support.moto.cloudformation.tags import change_ec2_tags, ec2_tags


def create(order: Order, ec2: Any) -> Made:
    """Make the subnet, then say whether machines in it get public addresses."""
    request = order.properties.some("AvailabilityZone", "AvailabilityZoneId", "CidrBlock", "VpcId")
    subnet = ec2.create_subnet(**request, **ec2_tags(order, "subnet"))["Subnet"]
    names = ("AvailabilityZone", "AvailabilityZoneId", "CidrBlock", "SubnetId", "VpcId")
    acls = ec2.describe_network_acls(Filters=[{"Name": "association.subnet-id", "Values": [subnet["SubnetId"]]}])
    association = next(
        each["NetworkAclAssociationId"]
        for acl in acls["NetworkAcls"]
        for each in acl["Associations"]
        if each["SubnetId"] == subnet["SubnetId"]
    )
    attributes = {name: subnet[name] for name in names} | {"NetworkAclAssociationId": association}
    order.made = Made(subnet["SubnetId"], attributes)
    _settle_addresses(order, ec2)
    return order.made


def update(order: Order, ec2: Any) -> Made:
    """Change tags and addresses."""
    change_ec2_tags(order, ec2)
    _settle_addresses(order, ec2)
    assert order.made is not None
    return order.made


def _settle_addresses(order: Order, ec2: Any) -> None:
    if "MapPublicIpOnLaunch" in order.properties:
        public = {"Value": order.properties.take("MapPublicIpOnLaunch")}
        ec2.modify_subnet_attribute(SubnetId=order.id, MapPublicIpOnLaunch=public)


def delete(order: Order, ec2: Any) -> None:
    """Delete the subnet."""
    ec2.delete_subnet(SubnetId=order.id)


RESOURCE = Resource(
    type="AWS::EC2::Subnet",
    service="ec2",
    native=True,
    why="It has no update.",
    create=create,
    update=update,
    delete=delete,
)
