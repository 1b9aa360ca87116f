"""A trail of who read and wrote which object."""

from __future__ import annotations

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_cloudtrail as cloudtrail
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.compliance.acknowledge import acknowledge
from infra.constructs.domain_key import DomainKey
from infra.constructs.home import Home, home
from infra.constructs.policy import Permission, Policy
from infra.permissions.logging import streams

_CLOUDTRAIL = "cloudtrail.amazonaws.com"


class ObjectTrail(Construct):
    """CloudTrail's data events of some buckets: signed files in a bucket, and a log group for alarms.

    Management events are left to the account's own trail: a second copy of them costs, and every account has one.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        watched: Sequence[s3.IBucket],
        destination: s3.Bucket,
        key: DomainKey,
        retention: logs.RetentionDays,
    ) -> None:
        super().__init__(scope, id_)
        arn = home(self).arn("cloudtrail", f"trail/{name}")
        policies = _admit_trail(destination, key, arn, home(self))
        self.log_group = group = logs.LogGroup(
            self,
            "Events",
            encryption_key=key.key,
            removal_policy=cdk.RemovalPolicy.RETAIN,
            retention=retention,
        )
        self.trail = cloudtrail.CfnTrail(
            self,
            "Trail",
            cloud_watch_logs_log_group_arn=group.log_group_arn,
            cloud_watch_logs_role_arn=self._writer(group).role_arn,
            enable_log_file_validation=True,
            event_selectors=[
                cloudtrail.CfnTrail.EventSelectorProperty(
                    data_resources=[
                        cloudtrail.CfnTrail.DataResourceProperty(
                            type="AWS::S3::Object", values=[bucket.arn_for_objects("") for bucket in watched]
                        )
                    ],
                    include_management_events=False,
                    read_write_type="All",
                )
            ],
            include_global_service_events=False,
            is_logging=True,
            is_multi_region_trail=False,
            kms_key_id=key.key.key_arn,
            s3_bucket_name=destination.bucket_name,
            trail_name=name,
        )
        self.trail.node.add_dependency(policies)
        acknowledge(
            self.trail,
            "CKV_AWS_67",
            "The trail is of this region's buckets; the account's own trail covers all regions.",
        )

    def _writer(self, group: logs.LogGroup) -> iam.Role:
        """Return the role with which CloudTrail writes to the log group."""
        role = iam.Role(
            self,
            "Writer",
            assumed_by=iam.ServicePrincipal(_CLOUDTRAIL),
            description="Writes the trail's events to its log group",
        )
        Policy(
            self,
            "WriterPolicy",
            description="Writes to one log group",
            role=role,
            permissions=[
                Permission(
                    "WriteEvents",
                    ["logs:CreateLogStream", "logs:PutLogEvents"],
                    [streams(group)],
                    because="CloudTrail names its streams itself.",
                )
            ],
        )
        return role


def _admit_trail(bucket: s3.Bucket, key: DomainKey, trail_arn: str, here: Home) -> Construct:
    """Let this trail, and no other, write to the bucket with the key; return what the trail must wait for."""
    mine = {"StringEquals": {"aws:SourceArn": trail_arn}}
    key.admit_service("TrailOfThisAccount", _CLOUDTRAIL, mine, ["kms:DescribeKey", "kms:GenerateDataKey*"])
    principal = iam.ServicePrincipal(_CLOUDTRAIL)
    bucket.add_to_resource_policy(
        iam.PolicyStatement(
            sid="TrailLooks",
            principals=[principal],
            actions=["s3:GetBucketAcl"],
            resources=[bucket.bucket_arn],
            conditions=mine,
        )
    )
    bucket.add_to_resource_policy(
        iam.PolicyStatement(
            sid="TrailWrites",
            principals=[principal],
            actions=["s3:PutObject"],
            resources=[bucket.arn_for_objects(f"AWSLogs/{here.account}/*")],
            conditions=mine,
        )
    )
    policy = bucket.policy
    assert policy is not None  # noqa: S101 - statements were added above
    return policy


def admit_log_groups(key: DomainKey, stack: cdk.Stack) -> None:
    """Let CloudWatch Logs encrypt this account's log groups with the key."""
    here = home(stack)
    groups = here.arn("logs", "log-group:*")
    key.admit_service(
        "LogGroupsOfThisAccount",
        f"logs.{here.region}.amazonaws.com",
        {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}},
    )
