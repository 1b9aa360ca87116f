"""Network: the private network that jobs, functions, notebooks and endpoints run in, a new one or one that is there."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from config.environment import Environment
from config.prefix_lists import S3
from config.settings.network import ExistingVpc
from infra.constructs.domain_key import DomainKey
from infra.constructs.private_access import PrivateAccess
from infra.constructs.private_network import PrivateNetwork
from infra.constructs.retention import retention
from infra.constructs.security_groups import ServiceGroup, UseGroups
from infra.stacks.environment_stack import EnvironmentStack


class NetworkStack(EnvironmentStack):
    """A VPC without internet and the ways from it to AWS's services; or nothing but the names of a VPC that is there.

    Attributes:
        vpc: The VPC; one that is there knows no more than its id, so constructs are given ``subnets`` beside it.
        subnets: Its private subnets, one a zone.
        vpc_id: The VPC's id.
        subnet_ids: The subnets' ids.
        job_security_group_id: The security group of training and processing jobs.
        function_security_group_id: Of functions.
        notebook_security_group_id: Of notebooks.
        endpoint_security_group_id: Of models that endpoints host.
    """

    vpc: ec2.IVpc
    subnets: list[ec2.ISubnet]

    def __init__(self, scope: Construct, id_: str, *, environment: Environment, operations_key: DomainKey) -> None:
        super().__init__(
            scope,
            id_,
            environment=environment,
            description="a private network without internet, and its endpoints of AWS services.",
        )
        existing = environment.network.vpc
        if existing is None:
            self._make(operations_key)
        else:
            self._take(existing)
        self.vpc_id = self.vpc.vpc_id
        self.subnet_ids = [subnet.subnet_id for subnet in self.subnets]

    @property
    def availability_zones(self) -> list[str]:
        """The zones to use. The CDK would look them up, which takes credentials."""
        settings = self._environment.network
        first = [cdk.Fn.select(place, cdk.Fn.get_azs()) for place in range(settings.subnet_count)]
        return list(settings.zone_names) or first

    def _make(self, key: DomainKey) -> None:
        settings = self._environment.network
        network = PrivateNetwork(
            self,
            "Network",
            cidr=settings.cidr,
            zones=self.availability_zones,
            key=key,
            retention=retention(settings.log_days),
        )
        self.vpc, self.subnets = network.vpc, list(network.vpc.isolated_subnets)
        groups = self._groups()
        promotion = self._environment.promotion
        source = promotion.source if promotion is not None else None
        services = ServiceGroup(self, "ServiceEndpoints", vpc=self.vpc, users=groups)
        PrivateAccess(
            self,
            "Access",
            vpc=self.vpc,
            services=settings.services,
            subnets=self.subnets[: settings.service_zones],
            security_group=services.group,
            read_from=source.account if source is not None else None,
        )
        cdk.CfnOutput(self, "DefaultSecurityGroupId", value=network.vpc.vpc_default_security_group)

    def _take(self, existing: ExistingVpc) -> None:
        zones = self.availability_zones
        self.vpc = ec2.Vpc.from_vpc_attributes(self, "Vpc", vpc_id=existing.id, availability_zones=zones)
        self.subnets = [
            # Nothing asks for its zone, but constructs that take subnets want one written.
            ec2.Subnet.from_subnet_attributes(self, f"Subnet{number}", subnet_id=id_, availability_zone=zone)
            for number, (id_, zone) in enumerate(zip(existing.subnets, zones, strict=True), start=1)
        ]
        if existing.security_groups is not None:
            self._use(**existing.security_groups.model_dump())
        elif existing.cidr is not None:
            self._groups().let_out_to(cidr=existing.cidr)

    def _groups(self) -> UseGroups:
        """Make the security groups."""
        known = self._environment.network.s3_prefix_list or S3[self._environment.region]
        groups = UseGroups(self, "Groups", vpc=self.vpc, s3_prefix_list=known)
        self._use(
            jobs=groups.jobs.attr_group_id,
            functions=groups.functions.attr_group_id,
            notebooks=groups.notebooks.attr_group_id,
            endpoints=groups.endpoints.attr_group_id,
        )
        return groups

    def _use(self, *, jobs: str, functions: str, notebooks: str, endpoints: str) -> None:
        self.job_security_group_id = jobs
        self.function_security_group_id = functions
        self.notebook_security_group_id = notebooks
        self.endpoint_security_group_id = endpoints
