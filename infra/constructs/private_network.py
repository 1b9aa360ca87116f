"""A VPC without a way to the internet, whose traffic is written down."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.compliance.acknowledge import acknowledge
from infra.constructs.domain_key import DomainKey
from infra.constructs.flow_logs import FlowLogs

# Each zone gets a quarter of the addresses, so that a third zone moves no subnet of the other two.
_QUARTER = 2


class PrivateNetwork(Construct):
    """A VPC with one isolated subnet a zone: no internet gateway, no NAT, no public address, and flow logs."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        cidr: str,
        zones: Sequence[str],
        key: DomainKey,
        retention: logs.RetentionDays,
    ) -> None:
        super().__init__(scope, id_)
        self.vpc = ec2.Vpc(
            self,
            "Vpc",
            availability_zones=list(zones),
            create_internet_gateway=False,
            enable_dns_hostnames=True,
            enable_dns_support=True,
            ip_addresses=ec2.IpAddresses.cidr(cidr),
            nat_gateways=0,
            # The only way to close it from CloudFormation is a custom resource.
            restrict_default_security_group=False,
            subnet_configuration=[
                ec2.SubnetConfiguration(
                    name="Private",
                    subnet_type=ec2.SubnetType.PRIVATE_ISOLATED,
                    cidr_mask=int(cidr.partition("/")[2]) + _QUARTER,
                )
            ],
        )
        acknowledge(self.vpc, "VPCDefaultSecurityGroupClosed", _DEFAULT_GROUP)
        FlowLogs(self, "FlowLogs", vpc=self.vpc, key=key, retention=retention)


_DEFAULT_GROUP = (
    "CloudFormation cannot take the rules from a VPC's default security group. Nothing is in it: everything here names "
    "groups of its own, no interface endpoint admits it, and no route leads out of the VPC. docs/stacks/network.md has "
    "the two commands that empty it."
)
