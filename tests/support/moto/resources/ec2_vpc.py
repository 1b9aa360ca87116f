"""AWS::EC2::VPC."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation.resource import Made, Order, Resource
from tests.support.moto.cloudformation.tags import change_ec2_tags, ec2_tags


def create(order: Order, ec2: Any) -> Made:
    """Make the network, then say whether it has names."""
    request = order.properties.some("CidrBlock", "InstanceTenancy")
    vpc = ec2.create_vpc(**request, **ec2_tags(order, "vpc"))["Vpc"]
    id_, filters = vpc["VpcId"], [{"Name": "vpc-id", "Values": [vpc["VpcId"]]}]
    groups = ec2.describe_security_groups(Filters=[*filters, {"Name": "group-name", "Values": ["default"]}])
    acls = ec2.describe_network_acls(Filters=[*filters, {"Name": "default", "Values": ["true"]}])
    order.made = Made(
        id_,
        {
            "CidrBlock": vpc["CidrBlock"],
            "CidrBlockAssociations": [each["AssociationId"] for each in vpc["CidrBlockAssociationSet"]],
            "DefaultNetworkAcl": acls["NetworkAcls"][0]["NetworkAclId"],
            "DefaultSecurityGroup": groups["SecurityGroups"][0]["GroupId"],
            "VpcId": id_,
        },
    )
    _settle_names(order, ec2)
    return order.made


def update(order: Order, ec2: Any) -> Made:
    """Change names and tags."""
    change_ec2_tags(order, ec2)
    _settle_names(order, ec2)
    assert order.made is not None
    return order.made


def _settle_names(order: Order, ec2: Any) -> None:
    """Put the two settings, each in a call of its own: EC2 takes no two at once."""
    for name in ("EnableDnsSupport", "EnableDnsHostnames"):
        if name in order.properties:
            ec2.modify_vpc_attribute(VpcId=order.id, **{name: {"Value": order.properties.take(name)}})


def delete(order: Order, ec2: Any) -> None:
    """Delete the network."""
    ec2.delete_vpc(VpcId=order.id)


RESOURCE = Resource(
    type="AWS::EC2::VPC",
    service="ec2",
    native=True,
    why="It has no update, and drops the settings of names.",
    create=create,
    update=update,
    delete=delete,
)
