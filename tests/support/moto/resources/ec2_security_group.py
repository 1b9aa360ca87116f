"""AWS::EC2::SecurityGroup."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation.properties import Properties
from tests.support.moto.cloudformation.resource import Made, Order, Resource
from tests.support.moto.cloudformation.security_rules import EVERYWHERE, permission
from tests.support.moto.cloudformation.tags import change_ec2_tags, ec2_tags


def create(order: Order, ec2: Any) -> Made:
    """Make the group, then its rules. One that says where it goes loses the rule that lets it go everywhere."""
    wanted = order.properties
    request = wanted.some("VpcId", Description="GroupDescription")
    name = wanted.take("GroupName", order.name)
    id_ = ec2.create_security_group(GroupName=name, **request, **ec2_tags(order, "security-group"))["GroupId"]
    order.made = Made(id_, {"GroupId": id_, "Id": id_, "VpcId": request.get("VpcId")})
    if "SecurityGroupEgress" in wanted:
        ec2.revoke_security_group_egress(GroupId=id_, IpPermissions=[EVERYWHERE])
    _settle(order, ec2)
    return order.made


def update(order: Order, ec2: Any) -> Made:
    """Change rules and tags."""
    change_ec2_tags(order, ec2)
    _settle(order, ec2)
    assert order.made is not None
    return order.made


def _settle(order: Order, ec2: Any) -> None:
    """Admit what is new, and no longer what is gone."""
    for direction, name in (("ingress", "SecurityGroupIngress"), ("egress", "SecurityGroupEgress")):
        after = [permission(rule) for rule in order.properties.groups(name)]
        before = [permission(Properties(rule)) for rule in order.before.get(name, ())]
        gone, new = [each for each in before if each not in after], [each for each in after if each not in before]
        if gone:
            getattr(ec2, f"revoke_security_group_{direction}")(GroupId=order.id, IpPermissions=gone)
        if new:
            getattr(ec2, f"authorize_security_group_{direction}")(GroupId=order.id, IpPermissions=new)


def delete(order: Order, ec2: Any) -> None:
    """Delete the group."""
    ec2.delete_security_group(GroupId=order.id)


RESOURCE = Resource(
    type="AWS::EC2::SecurityGroup",
    service="ec2",
    native=True,
    why="It leaves the rule in place that lets everything out.",
    create=create,
    update=update,
    delete=delete,
    name="GroupName",
    name_length=255,
)
