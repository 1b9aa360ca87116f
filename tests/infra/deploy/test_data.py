"""The data stack, as its services describe it once it is deployed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.infra.deploy.deployed import Deployed

BUCKETS = ("AccessLogs", "Artifacts", "Audit", "Captured", "Raw")
KEYS = {"Artifacts": "Artifacts", "Audit": "Operations", "Captured": "Data", "Raw": "Data"}


def bucket(deployed: Deployed, name: str) -> str:
    return deployed.one("data", "AWS::S3::Bucket", name)


def key(deployed: Deployed, name: str) -> Any:
    id_ = deployed.one("data", "AWS::KMS::Key", f"{name}Key")
    return deployed.client("kms").describe_key(KeyId=id_)["KeyMetadata"]


@pytest.mark.parametrize("name", BUCKETS)
def test_a_bucket_is_private_versioned_and_closed_to_requests_without_tls(deployed: Deployed, name: str) -> None:
    s3, place = deployed.client("s3"), {"Bucket": bucket(deployed, name)}
    blocked = s3.get_public_access_block(**place)["PublicAccessBlockConfiguration"]
    assert all(blocked[each] for each in ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy"))
    assert blocked["RestrictPublicBuckets"]
    assert s3.get_bucket_versioning(**place)["Status"] == "Enabled"
    assert s3.get_bucket_ownership_controls(**place)["OwnershipControls"]["Rules"] == [
        {"ObjectOwnership": "BucketOwnerEnforced"}
    ]
    assert s3.get_bucket_location(**place)["LocationConstraint"] == deployed.server.region
    statements = json.loads(s3.get_bucket_policy(**place)["Policy"])["Statement"]
    assert {"Bool": {"aws:SecureTransport": "false"}} in [each.get("Condition") for each in statements]


@pytest.mark.parametrize("name", KEYS)
def test_an_object_is_encrypted_with_its_domains_key(deployed: Deployed, name: str) -> None:
    s3, place = deployed.client("s3"), bucket(deployed, name)
    s3.put_object(Bucket=place, Key="probe", Body=b"rows")
    found = s3.head_object(Bucket=place, Key="probe")
    assert (found["ServerSideEncryption"], found["SSEKMSKeyId"]) == ("aws:kms", key(deployed, KEYS[name])["Arn"])
    statements = json.loads(s3.get_bucket_policy(Bucket=place)["Policy"])["Statement"]
    (right_key,) = [each for each in statements if each.get("Sid") == "RefuseOtherKeys"]
    assert found["SSEKMSKeyId"] in str(right_key["Condition"])


def test_access_logs_are_encrypted_by_s3_and_collect_those_of_every_other_bucket(deployed: Deployed) -> None:
    s3, logs = deployed.client("s3"), bucket(deployed, "AccessLogs")
    (rule,) = s3.get_bucket_encryption(Bucket=logs)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    for name in KEYS:
        logging = s3.get_bucket_logging(Bucket=bucket(deployed, name))["LoggingEnabled"]
        assert (logging["TargetBucket"], logging["TargetPrefix"]) == (logs, f"{name}/")


def test_objects_are_kept_as_long_as_the_settings_say(deployed: Deployed) -> None:
    s3 = deployed.client("s3")
    days = {"AccessLogs": 365, "Artifacts": None, "Audit": 365, "Captured": 90, "Raw": None}
    for name, expected in days.items():
        (rule,) = s3.get_bucket_lifecycle_configuration(Bucket=bucket(deployed, name))["Rules"]
        assert rule.get("Expiration", {}).get("Days") == expected, name
        assert rule["NoncurrentVersionExpiration"]["NoncurrentDays"] == 90
        assert rule["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"] == 7


def test_new_raw_data_is_told_to_eventbridge(deployed: Deployed) -> None:
    found = deployed.client("s3").get_bucket_notification_configuration(Bucket=bucket(deployed, "Raw"))
    assert "EventBridgeConfiguration" in found


@pytest.mark.parametrize("name", ["Artifacts", "Data", "Operations"])
def test_a_key_rotates_and_is_found_by_its_alias(deployed: Deployed, name: str) -> None:
    kms, found = deployed.client("kms"), key(deployed, name)
    assert kms.get_key_rotation_status(KeyId=found["KeyId"])["KeyRotationEnabled"]
    by_alias = kms.describe_key(KeyId=f"alias/sageline/dev/{name.lower()}")["KeyMetadata"]
    assert by_alias["Arn"] == found["Arn"]
    policy = json.loads(kms.get_key_policy(KeyId=found["KeyId"], PolicyName="default")["Policy"])
    assert all(each["Action"] != "kms:*" for each in policy["Statement"])
    tags = kms.list_resource_tags(KeyId=found["KeyId"])["Tags"]
    assert {"TagKey": "sageline:environment", "TagValue": "dev"} in tags


def test_the_trail_runs_and_watches_what_customers_rows_and_models_are_in(deployed: Deployed) -> None:
    cloudtrail = deployed.client("cloudtrail")
    name = deployed.one("data", "AWS::CloudTrail::Trail")
    assert cloudtrail.get_trail_status(Name=name)["IsLogging"]
    trail = cloudtrail.get_trail(Name=name)["Trail"]
    assert trail["S3BucketName"] == bucket(deployed, "Audit")
    assert trail["KmsKeyId"] == key(deployed, "Operations")["Arn"]
    assert trail["LogFileValidationEnabled"]
    (selector,) = cloudtrail.get_event_selectors(TrailName=name)["EventSelectors"]
    watched = {f"arn:aws:s3:::{bucket(deployed, each)}/" for each in ("Raw", "Artifacts", "Captured")}
    assert {value for each in selector["DataResources"] for value in each["Values"]} == watched


def test_the_trails_log_group_is_encrypted_kept_and_written_by_a_role_that_can_do_nothing_else(
    deployed: Deployed,
) -> None:
    name = deployed.one("data", "AWS::Logs::LogGroup")
    (group,) = deployed.client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    assert (group["retentionInDays"], group["kmsKeyId"]) == (365, key(deployed, "Operations")["Arn"])
    iam, role = deployed.client("iam"), deployed.one("data", "AWS::IAM::Role")
    (attached,) = iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
    version = iam.get_policy(PolicyArn=attached["PolicyArn"])["Policy"]["DefaultVersionId"]
    document = iam.get_policy_version(PolicyArn=attached["PolicyArn"], VersionId=version)["PolicyVersion"]["Document"]
    (statement,) = document["Statement"]
    assert statement["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    assert statement["Resource"] == f"{group['arn'].removesuffix(':*')}:log-stream:*"
    assert iam.list_role_policies(RoleName=role)["PolicyNames"] == []
