"""Rules of security groups, as EC2's calls want them."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation.properties import Properties

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
