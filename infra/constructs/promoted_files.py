"""What other accounts may read of the artifacts, so that they can have the models that are approved here."""

from __future__ import annotations

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from infra import names
from infra.constructs.domain_key import DomainKey
from infra.permissions.promotion import FILES


def admit_readers(bucket: s3.Bucket, key: DomainKey, accounts: Sequence[str]) -> None:
    """Let accounts read the files that versions are made of, and decrypt them through S3; nothing else in the bucket.

    Which of their principals may, they say themselves.
    """
    region = cdk.Stack.of(bucket).region
    principals = [iam.AccountPrincipal(account) for account in accounts]
    bucket.add_to_resource_policy(
        iam.PolicyStatement(
            sid="ReadPromotedFiles",
            principals=principals,
            actions=["s3:GetObject"],
            resources=[bucket.arn_for_objects(f"{names.PREFIX}-*/{each}") for each in FILES],
        )
    )
    key.key.add_to_resource_policy(
        iam.PolicyStatement(
            sid="DecryptPromotedFiles",
            principals=principals,
            actions=["kms:Decrypt"],
            resources=["*"],  # in a key's policy, the key itself
            conditions={"StringEquals": {"kms:ViaService": f"s3.{region}.amazonaws.com"}},
        )
    )
