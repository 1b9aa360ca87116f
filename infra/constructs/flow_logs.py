"""Who talked to whom in a VPC."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.constructs.domain_key import DomainKey
from infra.constructs.home import home
from infra.constructs.policy import Permission, Policy
from infra.permissions.logging import streams

_FLOW_LOGS = "vpc-flow-logs.amazonaws.com"


class FlowLogs(Construct):
    """Flow logs of a VPC, accepted and rejected traffic, in a log group that outlives it."""

    def __init__(
        self, scope: Construct, id_: str, *, vpc: ec2.Vpc, key: DomainKey, retention: logs.RetentionDays
    ) -> None:
        super().__init__(scope, id_)
        group = logs.LogGroup(
            self, "Events", encryption_key=key.key, removal_policy=cdk.RemovalPolicy.RETAIN, retention=retention
        )
        role, policy = self._writer(group)
        # The construct of the same name would give the role an inline policy.
        flow_log = ec2.CfnFlowLog(
            self,
            "FlowLog",
            deliver_logs_permission_arn=role.role_arn,
            log_destination=group.log_group_arn,
            log_destination_type="cloud-watch-logs",
            resource_id=vpc.vpc_id,
            resource_type="VPC",
            traffic_type="ALL",
        )
        flow_log.node.add_dependency(policy)

    def _writer(self, group: logs.LogGroup) -> tuple[iam.Role, Policy]:
        """Return the role with which this account's flow logs are delivered, and its policy."""
        here = home(self)
        mine = {
            "StringEquals": {"aws:SourceAccount": here.account},
            "ArnLike": {"aws:SourceArn": here.arn("ec2", "vpc-flow-log/*")},
        }
        role = iam.Role(
            self,
            "Writer",
            assumed_by=iam.ServicePrincipal(_FLOW_LOGS, conditions=mine),
            description="Writes flow logs to their log group",
        )
        policy = Policy(
            self,
            "WriterPolicy",
            description="Writes to one log group",
            role=role,
            permissions=[
                Permission("FindStreams", ["logs:DescribeLogStreams"], [group.log_group_arn]),
                Permission(
                    "WriteEvents",
                    ["logs:CreateLogStream", "logs:PutLogEvents"],
                    [streams(group)],
                    because="VPC names a stream after each network interface.",
                ),
            ],
        )
        return role, policy
