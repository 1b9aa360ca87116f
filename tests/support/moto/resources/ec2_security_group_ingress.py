"""AWS::EC2::SecurityGroupIngress: one rule about what goes into a group."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation.properties import Properties
from tests.support.moto.cloudformation.resource import Made, Order, Resource
from tests.support.moto.cloudformation.security_rules import permission


def create(order: Order, ec2: Any) -> Made:
    """Add the rule."""
    group = order.properties.take("GroupId")
    (rule,) = ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[permission(order.properties)])[
        "SecurityGroupRules"
    ]
    return Made(rule["SecurityGroupRuleId"], {"Id": rule["SecurityGroupRuleId"]})


def delete(order: Order, ec2: Any) -> None:
    """Take the rule away."""
    rule = permission(Properties(order.before))
    ec2.revoke_security_group_ingress(GroupId=order.before["GroupId"], IpPermissions=[rule])


RESOURCE = Resource(
    type="AWS::EC2::SecurityGroupIngress",
    service="ec2",
    native=True,
    why="It has no deletion.",
    create=create,
    delete=delete,
)
