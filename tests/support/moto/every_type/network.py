"""A network, and what is in it."""

from __future__ import annotations

from typing import Any

from tests.support.moto.every_type.parts import get, policy, ref, resource


def network(tags: list[Any], changed: bool) -> dict[str, Any]:
    """Return resources that refer to one another, and to those of the other modules, by these names."""
    here = ref("Network")
    port = 8443 if changed else 443
    return {
        "Network": resource(
            "EC2::VPC", CidrBlock="10.0.0.0/16", EnableDnsSupport=True, EnableDnsHostnames=not changed, Tags=tags
        ),
        "Subnet": resource(
            "EC2::Subnet",
            VpcId=here,
            CidrBlock="10.0.0.0/24",
            AvailabilityZone={"Fn::Select": [0, {"Fn::GetAZs": ""}]},
            MapPublicIpOnLaunch=False,
            Tags=tags,
        ),
        "Table": resource("EC2::RouteTable", VpcId=here, Tags=tags),
        "TableOfSubnet": resource(
            "EC2::SubnetRouteTableAssociation", RouteTableId=ref("Table"), SubnetId=ref("Subnet")
        ),
        "Inside": resource(
            "EC2::SecurityGroup",
            GroupDescription="inside",
            VpcId=here,
            SecurityGroupEgress=[
                {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "CidrIp": "10.0.0.0/16", "Description": "out"}
            ],
            Tags=tags,
        ),
        "Into": resource(
            "EC2::SecurityGroupIngress",
            GroupId=get("Inside", "GroupId"),
            IpProtocol="tcp",
            FromPort=port,
            ToPort=port,
            SourceSecurityGroupId=get("Inside", "GroupId"),
        ),
        "OutOf": resource(
            "EC2::SecurityGroupEgress",
            GroupId=get("Inside", "GroupId"),
            IpProtocol="tcp",
            FromPort=port,
            ToPort=port,
            DestinationSecurityGroupId=get("Inside", "GroupId"),
        ),
        "Door": resource(
            "EC2::VPCEndpoint",
            VpcId=here,
            ServiceName={"Fn::Sub": "com.amazonaws.${AWS::Region}.s3"},
            VpcEndpointType="Gateway",
            RouteTableIds=[ref("Table")],
            PolicyDocument=policy("s3:*" if changed else "s3:GetObject", Principal="*"),
        ),
        "Flow": resource(
            "EC2::FlowLog",
            ResourceId=here,
            ResourceType="VPC",
            TrafficType="ALL",
            LogDestinationType="cloud-watch-logs",
            LogGroupName=ref("Group"),
            DeliverLogsPermissionArn=get("Role"),
            Tags=tags,
        ),
    }
