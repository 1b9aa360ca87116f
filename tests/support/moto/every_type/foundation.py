"""Keys, buckets, logs, roles, and what else stands alone."""

from __future__ import annotations

from typing import Any

from tests.support.moto.every_type.parts import get, policy, ref, resource, trust


def foundation(tags: list[Any], changed: bool) -> dict[str, Any]:
    """Return resources that refer to one another, and to those of the other modules, by these names."""
    days = 14 if changed else 7
    anybody = {"Principal": {"AWS": "*"}}
    return {
        "Key": resource(
            "KMS::Key", KeyPolicy=policy("kms:*", **anybody), Description=f"{days}", EnableKeyRotation=True, Tags=tags
        ),
        "Alias": resource("KMS::Alias", AliasName="alias/every", TargetKeyId=get("OtherKey" if changed else "Key")),
        "OtherKey": resource("KMS::Key", KeyPolicy=policy("kms:*", **anybody), PendingWindowInDays=days),
        "Bucket": resource(
            "S3::Bucket",
            BucketEncryption={
                "ServerSideEncryptionConfiguration": [
                    {
                        "BucketKeyEnabled": True,
                        "ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": get("Key")},
                    }
                ]
            },
            LifecycleConfiguration={"Rules": [{"Id": "days", "Status": "Enabled", "ExpirationInDays": days}]},
            VersioningConfiguration={"Status": "Enabled"},
            Tags=tags,
        ),
        "BucketPolicy": resource(
            "S3::BucketPolicy",
            Bucket=ref("Bucket"),
            PolicyDocument=policy("s3:GetObject" if changed else "s3:PutObject", **anybody),
        ),
        "Group": resource("Logs::LogGroup", RetentionInDays=days, KmsKeyId=get("Key"), Tags=tags),
        "Refusals": resource(
            "Logs::MetricFilter",
            LogGroupName=ref("Group"),
            FilterPattern="{ $.errorCode = * }",
            MetricTransformations=[{"MetricName": "Refused", "MetricNamespace": "Ours", "MetricValue": str(days)}],
        ),
        "Trail": resource(
            "CloudTrail::Trail",
            S3BucketName=ref("Bucket"),
            IsLogging=not changed,
            EventSelectors=[{"IncludeManagementEvents": changed, "ReadWriteType": "All"}],
            Tags=tags,
        ),
        "Role": resource(
            "IAM::Role",
            AssumeRolePolicyDocument=trust("lambda"),
            Description=f"{days}",
            ManagedPolicyArns=[] if changed else [ref("ManagedPolicy")],
            Tags=tags,
        ),
        "ManagedPolicy": resource("IAM::ManagedPolicy", PolicyDocument=policy(f"s3:Get{'' if changed else 'Object'}*")),
        "Policy": resource(
            "IAM::Policy",
            PolicyName="inline",
            PolicyDocument=policy(f"s3:Put{'' if changed else 'Object'}*"),
            Roles=[ref("Role")],
        ),
        "Provider": resource(
            "IAM::OIDCProvider",
            Url="https://token.actions.example.com",
            ClientIdList=["sts.amazonaws.com"],
            ThumbprintList=["f" * 40],
        ),
        "Repository": resource("ECR::Repository", ImageTagMutability="IMMUTABLE"),
        "Parameter": resource("SSM::Parameter", Type="String", Value=f"{days}"),
        "Database": resource(
            "Glue::Database",
            CatalogId=ref("AWS::AccountId"),
            DatabaseInput={"Name": "every", "Description": f"{days}"},
        ),
        "Budget": resource(
            "Budgets::Budget",
            Budget={"BudgetType": "COST", "TimeUnit": "MONTHLY", "BudgetLimit": {"Amount": days, "Unit": "USD"}},
        ),
    }
