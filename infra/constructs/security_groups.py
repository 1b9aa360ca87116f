"""Who may talk to whom in a private network.

Every group has a rule of its own for what leaves it: without any, EC2 lets everything out. The CDK's construct would
write rules that name prefix lists or other groups beside the group alone, so the resources are used themselves.
"""

from __future__ import annotations

from typing import Any

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from infra.compliance.acknowledge import acknowledge

_HTTPS: dict[str, Any] = {"ip_protocol": "tcp", "from_port": 443, "to_port": 443}
# EC2 takes no empty list of rules; this lets out what cannot be sent: ICMP of no known type, to nobody's address.
_NOTHING = ec2.CfnSecurityGroup.EgressProperty(
    cidr_ip="255.255.255.255/32", ip_protocol="icmp", from_port=252, to_port=86, description="Nothing leaves"
)


class UseGroups(Construct):
    """A security group for each use of a network, closed but for what it needs.

    ========== ==================== ==============================
    of         takes from           reaches
    ========== ==================== ==============================
    jobs       each other           each other, S3
    functions  nobody               S3, the interface endpoints
    notebooks  nobody               S3, the interface endpoints
    endpoints  nobody               S3
    ========== ==================== ==============================

    Endpoints are models that SageMaker hosts: it brings requests to them by a network of its own.
    """

    def __init__(self, scope: Construct, id_: str, *, vpc: ec2.IVpc, s3_prefix_list: str) -> None:
        super().__init__(scope, id_)
        to_s3 = ec2.CfnSecurityGroup.EgressProperty(
            destination_prefix_list_id=s3_prefix_list, description="S3", **_HTTPS
        )
        self.jobs, self.functions, self.notebooks, self.endpoints = (
            ec2.CfnSecurityGroup(
                self, id_, vpc_id=vpc.vpc_id, group_description=description, security_group_egress=[to_s3]
            )
            for id_, description in (
                ("Jobs", "Training and processing jobs"),
                ("Functions", "Functions"),
                ("Notebooks", "Notebooks"),
                ("Endpoints", "Models that endpoints host"),
            )
        )
        self._let_jobs_talk()

    def _let_jobs_talk(self) -> None:
        """Let hosts of one job talk to each other by every protocol: they encrypt it, which takes UDP 500 and ESP."""
        id_ = self.jobs.attr_group_id
        every: dict[str, Any] = {"group_id": id_, "ip_protocol": "-1", "description": "Hosts of one job"}
        from_jobs = ec2.CfnSecurityGroupIngress(self, "FromJobs", source_security_group_id=id_, **every)
        acknowledge(
            from_jobs, "EC2RestrictedCommonPorts", "It admits members of the group itself: the hosts of one job."
        )
        ec2.CfnSecurityGroupEgress(self, "ToJobs", destination_security_group_id=id_, **every)

    def let_out_to(self, *, group: str | None = None, cidr: str | None = None) -> None:
        """Let functions and notebooks reach the interface endpoints of AWS's services."""
        for use, who in (("Functions", self.functions), ("Notebooks", self.notebooks)):
            ec2.CfnSecurityGroupEgress(
                self,
                f"{use}ToServices",
                group_id=who.attr_group_id,
                cidr_ip=cidr,
                destination_security_group_id=group,
                description="Interface endpoints",
                **_HTTPS,
            )


class ServiceGroup(Construct):
    """The security group of interface endpoints: it answers functions and notebooks, and reaches nobody."""

    def __init__(self, scope: Construct, id_: str, *, vpc: ec2.IVpc, users: UseGroups) -> None:
        super().__init__(scope, id_)
        made = ec2.CfnSecurityGroup(
            self,
            "Group",
            vpc_id=vpc.vpc_id,
            group_description="Interface endpoints of AWS services",
            security_group_egress=[_NOTHING],
            security_group_ingress=[
                ec2.CfnSecurityGroup.IngressProperty(
                    source_security_group_id=user.attr_group_id, description=user.group_description, **_HTTPS
                )
                for user in (users.functions, users.notebooks)
            ],
        )
        users.let_out_to(group=made.attr_group_id)
        self.group = ec2.SecurityGroup.from_security_group_id(self, "Made", made.attr_group_id, mutable=False)
