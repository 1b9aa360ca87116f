"""Rules of security groups, as EC2's calls want them."""

from __future__ import annotations

from typing import Any, Literal

from tests.support.moto.cloudformation.properties import Properties
from tests.support.moto.cloudformation.resource import Made, Order, Resource

EVERYWHERE = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}


def permission(rule: Properties) -> dict[str, Any]:
    """Return one rule, of a group or of its own."""
    about = rule.some("Description")
    request = rule.some("IpProtocol", "FromPort", "ToPort")
    if ranges := rule.some("CidrIp"):
        request["IpRanges"] = [ranges | about]
    if ranges := rule.some("CidrIpv6"):
        request["Ipv6Ranges"] = [ranges | about]
    if prefixes := rule.some(PrefixListId="SourcePrefixListId") | rule.some(PrefixListId="DestinationPrefixListId"):
        request["PrefixListIds"] = [prefixes | about]
    groups = rule.some(GroupId="SourceSecurityGroupId", UserId="SourceSecurityGroupOwnerId")
    if groups := groups | rule.some(GroupId="DestinationSecurityGroupId"):
        request["UserIdGroupPairs"] = [groups | about]
    return request


def rule_type(direction: Literal["Ingress", "Egress"], *, native: bool, why: str) -> Resource:
    """Return the resource type of rules that stand by themselves."""
    verb = direction.lower()

    def create(order: Order, ec2: Any) -> Made:
        group = order.properties.take("GroupId")
        authorize = getattr(ec2, f"authorize_security_group_{verb}")
        (rule,) = authorize(GroupId=group, IpPermissions=[permission(order.properties)])["SecurityGroupRules"]
        return Made(rule["SecurityGroupRuleId"], {"Id": rule["SecurityGroupRuleId"]})

    def delete(order: Order, ec2: Any) -> None:
        revoke = getattr(ec2, f"revoke_security_group_{verb}")
        revoke(GroupId=order.before["GroupId"], IpPermissions=[permission(Properties(order.before))])

    return Resource(
        type=f"AWS::EC2::SecurityGroup{direction}", service="ec2", native=native, why=why, create=create, delete=delete
    )
