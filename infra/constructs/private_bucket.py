"""A bucket that is private, encrypted with one key, versioned, logged, and kept when its stack goes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.compliance.acknowledge import acknowledge

_UPLOAD_DAYS = 7
_ENCRYPTION = "s3:x-amz-server-side-encryption"
_ENCRYPTION_KEY = "s3:x-amz-server-side-encryption-aws-kms-key-id"


class PrivateBucket(Construct):
    """A bucket for one kind of object.

    Its name is CloudFormation's choice: a bucket that was kept by ``destroy`` does not stand in the way of the next
    ``deploy``. ``key`` is None for what S3's own key must encrypt, which is where S3 delivers access logs.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        key: kms.IKey | None,
        access_logs: s3.IBucket | None,
        noncurrent_days: int,
        expire_days: int | None = None,
        events: bool = False,
    ) -> None:
        super().__init__(scope, id_)
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            bucket_key_enabled=key is not None,
            encryption=s3.BucketEncryption.KMS if key is not None else s3.BucketEncryption.S3_MANAGED,
            encryption_key=key,
            enforce_ssl=True,
            lifecycle_rules=_lifecycle(noncurrent_days, expire_days),
            minimum_tls_version=1.2,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            removal_policy=cdk.RemovalPolicy.RETAIN,
            server_access_logs_bucket=access_logs,
            server_access_logs_prefix=f"{id_}/" if access_logs is not None else None,
            versioned=True,
        )
        if key is not None:
            self._refuse_other_keys(key)
        if events:
            # The bucket's own setting: `event_bridge_enabled` would bring a custom resource for the same.
            cfn = cast(s3.CfnBucket, self.bucket.node.default_child)
            cfn.notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
                event_bridge_configuration=s3.CfnBucket.EventBridgeConfigurationProperty(event_bridge_enabled=True)
            )
        acknowledge(
            self.bucket,
            "S3BucketReplicationEnabled",
            "Versions and retention guard against loss in the region; a copy in another region is a choice that each "
            "company makes for all its buckets, and that data may not leave a region is a common reason against it.",
        )

    def _refuse_other_keys(self, key: kms.IKey) -> None:
        """Refuse uploads that name another key or algorithm. Those that name none get the bucket's own.

        A negated condition holds also where the header is missing, with or without ``IfExists``, and would refuse those
        too: each stands beside a ``Null`` that asks for the header.
        """
        for sid, header, operator, wanted in (
            ("RefuseOtherEncryption", _ENCRYPTION, "StringNotEquals", "aws:kms"),
            ("RefuseOtherKeys", _ENCRYPTION_KEY, "ArnNotEquals", key.key_arn),
        ):
            self.bucket.add_to_resource_policy(
                iam.PolicyStatement(
                    sid=sid,
                    effect=iam.Effect.DENY,
                    principals=[iam.AnyPrincipal()],
                    actions=["s3:PutObject"],
                    resources=[self.bucket.arn_for_objects("*")],
                    conditions={"Null": {header: "false"}, operator: {header: wanted}},
                )
            )


def _lifecycle(noncurrent_days: int, expire_days: int | None) -> Sequence[s3.LifecycleRule]:
    return [
        s3.LifecycleRule(
            id="Versions",
            abort_incomplete_multipart_upload_after=cdk.Duration.days(_UPLOAD_DAYS),
            expiration=cdk.Duration.days(expire_days) if expire_days is not None else None,
            noncurrent_version_expiration=cdk.Duration.days(noncurrent_days),
        )
    ]
