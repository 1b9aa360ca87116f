"""The network stack, as EC2 describes it once it is deployed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.infra.deploy.deployed import Deployed


def filters(**values: str) -> list[dict[str, Any]]:
    return [{"Name": name.replace("_", "-"), "Values": [value]} for name, value in values.items()]


@pytest.fixture
def vpc(deployed: Deployed) -> str:
    return deployed.one("network", "AWS::EC2::VPC")


def test_subnets_lie_in_zones_of_their_own_and_nothing_leads_to_the_internet(deployed: Deployed, vpc: str) -> None:
    ec2 = deployed.client("ec2")
    subnets = ec2.describe_subnets(Filters=filters(vpc_id=vpc))["Subnets"]
    assert len({each["AvailabilityZone"] for each in subnets}) == len(subnets) == 2
    assert not any(each["MapPublicIpOnLaunch"] for each in subnets)
    assert ec2.describe_internet_gateways(Filters=filters(attachment_vpc_id=vpc))["InternetGateways"] == []
    assert ec2.describe_nat_gateways(Filters=filters(vpc_id=vpc))["NatGateways"] == []
    tables = ec2.describe_route_tables(Filters=filters(vpc_id=vpc))["RouteTables"]
    routes = [route for table in tables for route in table["Routes"]]
    assert all(route.get("GatewayId", "local").startswith(("local", "vpce-")) for route in routes)
    assert "0.0.0.0/0" not in [route.get("DestinationCidrBlock") for route in routes]


def test_every_subnet_reaches_s3_through_the_gateway(deployed: Deployed, vpc: str) -> None:
    ec2 = deployed.client("ec2")
    (gateway,) = ec2.describe_vpc_endpoints(Filters=filters(vpc_id=vpc, vpc_endpoint_type="Gateway"))["VpcEndpoints"]
    assert gateway["ServiceName"] == f"com.amazonaws.{deployed.server.region}.s3"
    tables = deployed.physical("network", "AWS::EC2::RouteTable").values()
    assert set(gateway["RouteTableIds"]) == set(tables)
    for table in ec2.describe_route_tables(RouteTableIds=list(tables))["RouteTables"]:
        assert [each["SubnetId"] for each in table["Associations"]]


def test_every_door_has_a_policy_that_does_not_admit_everybody(deployed: Deployed, vpc: str) -> None:
    for each in deployed.client("ec2").describe_vpc_endpoints(Filters=filters(vpc_id=vpc))["VpcEndpoints"]:
        for statement in json.loads(each["PolicyDocument"])["Statement"]:
            assert statement["Effect"] == "Deny" or "Condition" in statement or statement["Resource"] != "*", each
        if each["VpcEndpointType"] == "Interface":
            assert each["PrivateDnsEnabled"]
            assert each["SubnetIds"]
            assert set(each["SubnetIds"]) <= set(deployed.physical("network", "AWS::EC2::Subnet").values())
            assert len(each["Groups"]) == 1


def test_no_security_group_of_ours_lets_anything_out_to_everywhere(deployed: Deployed) -> None:
    ids = list(deployed.physical("network", "AWS::EC2::SecurityGroup").values())
    groups = deployed.client("ec2").describe_security_groups(GroupIds=ids)["SecurityGroups"]
    assert len(groups) == len(ids) > 0
    for group in groups:
        for permission in [*group["IpPermissions"], *group["IpPermissionsEgress"]]:
            assert "0.0.0.0/0" not in [each["CidrIp"] for each in permission["IpRanges"]], group["Description"]
            assert not permission["Ipv6Ranges"]


def test_what_flows_is_written_down_in_an_encrypted_log_group(deployed: Deployed, vpc: str) -> None:
    (flow,) = deployed.client("ec2").describe_flow_logs(Filters=filters(resource_id=vpc))["FlowLogs"]
    assert (flow["TrafficType"], flow["FlowLogStatus"]) == ("ALL", "ACTIVE")
    name = deployed.one("network", "AWS::Logs::LogGroup")
    (group,) = deployed.client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    operations = deployed.one("data", "AWS::KMS::Key", "Operations")
    assert group["kmsKeyId"].endswith(f"key/{operations}")
    assert group["retentionInDays"] == 365
