"""AWS::EC2::VPCEndpoint: a service's door in a network."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation.resource import Made, Order, Resource
from tests.support.moto.cloudformation.tags import change_ec2_tags, ec2_tags

_LISTS = ("RouteTableIds", "SecurityGroupIds", "SubnetIds")


def create(order: Order, ec2: Any) -> Made:
    """Make the door with its policy."""
    wanted = order.properties
    request = wanted.some("DnsOptions", "IpAddressType", "PrivateDnsEnabled", "ServiceName", "VpcEndpointType", "VpcId")
    endpoint = ec2.create_vpc_endpoint(
        **request, **_policy(order), **wanted.some(*_LISTS), **ec2_tags(order, "vpc-endpoint")
    )["VpcEndpoint"]
    id_ = endpoint["VpcEndpointId"]
    return Made(id_, {"Id": id_, "NetworkInterfaceIds": endpoint.get("NetworkInterfaceIds", [])})


def update(order: Order, ec2: Any) -> Made:
    """Change policy, places, groups and tags."""
    wanted = order.properties
    request = wanted.some("DnsOptions", "IpAddressType", "PrivateDnsEnabled")
    for name in _LISTS:
        after, before = wanted.take(name, []), order.before.get(name, [])
        added, removed = [x for x in after if x not in before], [x for x in before if x not in after]
        request |= {f"Add{name}": added} if added else {}
        request |= {f"Remove{name}": removed} if removed else {}
    policy: dict[str, Any] = _policy(order) or {"ResetPolicy": True}
    ec2.modify_vpc_endpoint(VpcEndpointId=order.id, **request, **policy)
    change_ec2_tags(order, ec2)
    assert order.made is not None
    return order.made


def _policy(order: Order) -> dict[str, Any]:
    return (
        {"PolicyDocument": order.properties.document("PolicyDocument")} if "PolicyDocument" in order.properties else {}
    )


def delete(order: Order, ec2: Any) -> None:
    """Delete the door."""
    answer = ec2.delete_vpc_endpoints(VpcEndpointIds=[order.id])
    assert not answer.get("Unsuccessful"), answer["Unsuccessful"]


RESOURCE = Resource(
    type="AWS::EC2::VPCEndpoint",
    service="ec2",
    native=True,
    why="It has neither update nor deletion.",
    create=create,
    update=update,
    delete=delete,
)
