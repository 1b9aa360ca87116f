from __future__ import annotations

from typing import Any

import pytest

from tests.support.stacks import actions, properties, resources, statements, template

BUCKETS = ("AccessLogs", "Raw", "Artifacts", "Captured", "Audit")


def bucket(name: str, **settings: Any) -> Any:
    return properties(template("data", settings), "AWS::S3::Bucket", f"{name}Bucket")


def policy(name: str) -> Any:
    return properties(template("data"), "AWS::S3::BucketPolicy", f"{name}BucketPolicy")["PolicyDocument"]


@pytest.mark.parametrize("name", BUCKETS)
def test_nothing_in_a_bucket_can_be_public(name: str) -> None:
    blocked = bucket(name)["PublicAccessBlockConfiguration"]
    assert blocked == dict.fromkeys(
        ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"], True
    )
    assert bucket(name)["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]


@pytest.mark.parametrize("name", BUCKETS)
def test_a_bucket_keeps_versions_and_outlives_its_stack(name: str) -> None:
    assert bucket(name)["VersioningConfiguration"] == {"Status": "Enabled"}
    for logical_id, each in resources(template("data"), "AWS::S3::Bucket").items():
        assert (each["DeletionPolicy"], each["UpdateReplacePolicy"]) == ("Retain", "Retain"), logical_id


@pytest.mark.parametrize(
    ("name", "key"), [("Raw", "DataKey"), ("Captured", "DataKey"), ("Artifacts", "ArtifactsKey"), ("Audit", "Oper")]
)
def test_a_bucket_encrypts_with_its_domains_key(name: str, key: str) -> None:
    (rule,) = bucket(name)["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["BucketKeyEnabled"] is True
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    assert rule["ServerSideEncryptionByDefault"]["KMSMasterKeyID"]["Fn::GetAtt"][0].startswith(key)


def test_access_logs_are_encrypted_as_their_delivery_allows() -> None:
    (rule,) = bucket("AccessLogs")["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


@pytest.mark.parametrize("name", BUCKETS[1:])
def test_reads_of_a_bucket_are_logged(name: str) -> None:
    logging = bucket(name)["LoggingConfiguration"]
    assert logging["DestinationBucketName"]["Ref"].startswith("AccessLogsBucket")
    assert logging["LogFilePrefix"] == f"{name}/"


@pytest.mark.parametrize("name", BUCKETS)
def test_requests_without_tls_are_refused(name: str) -> None:
    refused = [each for each in policy(name)["Statement"] if each["Effect"] == "Deny" and each["Action"] == "s3:*"]
    conditions = [each["Condition"] for each in refused]
    assert {"Bool": {"aws:SecureTransport": "false"}} in conditions
    assert {"NumericLessThan": {"s3:TlsVersion": 1.2}} in conditions


@pytest.mark.parametrize("name", BUCKETS[1:])
def test_uploads_with_another_key_are_refused_and_those_that_name_none_are_not(name: str) -> None:
    found = statements(policy(name))
    header = "s3:x-amz-server-side-encryption-aws-kms-key-id"
    other = found["RefuseOtherKeys"]
    assert (other["Effect"], other["Action"], other["Principal"]) == ("Deny", "s3:PutObject", {"AWS": "*"})
    assert other["Condition"]["Null"] == {header: "false"}
    key = bucket(name)["BucketEncryption"]["ServerSideEncryptionConfiguration"][0]["ServerSideEncryptionByDefault"]
    assert other["Condition"]["ArnNotEquals"] == {header: key["KMSMasterKeyID"]}
    plain = found["RefuseOtherEncryption"]["Condition"]
    assert plain["Null"] == {"s3:x-amz-server-side-encryption": "false"}
    assert plain["StringNotEquals"] == {"s3:x-amz-server-side-encryption": "aws:kms"}


def test_new_raw_data_is_an_event_without_a_custom_resource() -> None:
    events = {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}
    assert bucket("Raw")["NotificationConfiguration"] == events
    assert not [each for each in template("data")["Resources"].values() if "Custom" in each["Type"]]


@pytest.mark.parametrize("domain", ["Data", "Artifacts", "Operations"])
def test_a_key_rotates_outlives_its_stack_and_is_used_through_services_alone(domain: str) -> None:
    (key,) = [each for name, each in resources(template("data"), "AWS::KMS::Key").items() if name.startswith(domain)]
    assert key["DeletionPolicy"] == "Retain"
    assert key["Properties"]["EnableKeyRotation"] is True
    found = statements(key["Properties"]["KeyPolicy"])
    assert not {"kms:Decrypt", "kms:Encrypt", "kms:CreateGrant"} & actions({"Statement": [found["Administration"]]})
    assert found["UseThroughServices"]["Condition"]["StringEquals"]["kms:CallerAccount"] == "111122223333"
    assert "s3.eu-central-1.amazonaws.com" in found["UseThroughServices"]["Condition"]["StringEquals"]["kms:ViaService"]


def test_only_the_key_of_volumes_admits_grants() -> None:
    keys = resources(template("data"), "AWS::KMS::Key")
    granting = [name for name, key in keys.items() if "kms:CreateGrant" in actions(key["Properties"]["KeyPolicy"])]
    assert [name for name in granting if not name.startswith("ArtifactsKey")] == []
    (name,) = granting
    grants = statements(keys[name]["Properties"]["KeyPolicy"])["GrantsForVolumes"]
    assert grants["Condition"]["Bool"] == {"kms:GrantIsForAWSResource": "true"}


def test_services_that_send_messages_use_the_operations_key_for_this_account_alone() -> None:
    (key,) = [each for name, each in resources(template("data"), "AWS::KMS::Key").items() if name.startswith("Oper")]
    found = statements(key["Properties"]["KeyPolicy"])
    events = found["EventsToQueuesOfThisAccount"]
    assert events["Principal"] == {"Service": "events.amazonaws.com"}
    queues = "arn:aws:sqs:eu-central-1:111122223333:*"
    assert events["Condition"] == {"ArnLike": {"kms:EncryptionContext:aws:sqs:arn": queues}}
    alarms = found["AlarmsOfThisAccount"]
    assert alarms["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert alarms["Condition"]["StringEquals"] == {"aws:SourceAccount": "111122223333"}
    assert set(alarms["Action"]) == {"kms:Decrypt", "kms:GenerateDataKey*"}


def test_the_trail_writes_down_every_read_and_write_of_an_object() -> None:
    trail = properties(template("data"), "AWS::CloudTrail::Trail", "Trail")
    (selector,) = trail["EventSelectors"]
    assert selector["ReadWriteType"] == "All"
    (watched,) = selector["DataResources"]
    assert len(watched["Values"]) == 3
    assert trail["EnableLogFileValidation"] is True
    assert trail["IsLogging"] is True
    assert trail["KMSKeyId"]["Fn::GetAtt"][0].startswith("OperationsKey")


def test_only_this_trail_writes_to_the_audit_bucket() -> None:
    arn = "arn:aws:cloudtrail:eu-central-1:111122223333:trail/sageline-dev-objects"
    for name in ("TrailLooks", "TrailWrites"):
        assert statements(policy("Audit"))[name]["Condition"] == {"StringEquals": {"aws:SourceArn": arn}}


@pytest.mark.parametrize(
    ("setting", "value", "name", "place", "expected"),
    [
        ("data.noncurrent_days", 11, "Raw", "NoncurrentVersionExpiration", {"NoncurrentDays": 11}),
        ("data.captured_days", 12, "Captured", "ExpirationInDays", 12),
        ("data.log_days", 13, "AccessLogs", "ExpirationInDays", 13),
        ("data.log_days", 13, "Audit", "ExpirationInDays", 13),
    ],
)
def test_settings_say_how_long_things_are_kept(
    setting: str, value: int, name: str, place: str, expected: object
) -> None:
    (rule,) = bucket(name, **{setting: value})["LifecycleConfiguration"]["Rules"]
    assert rule[place] == expected
    assert rule["Status"] == "Enabled"


def test_raw_data_and_artifacts_never_expire() -> None:
    for name in ("Raw", "Artifacts"):
        (rule,) = bucket(name)["LifecycleConfiguration"]["Rules"]
        assert "ExpirationInDays" not in rule


def test_the_log_groups_retention_covers_what_is_asked_for() -> None:
    assert properties(template("data"), "AWS::Logs::LogGroup", "TrailEvents")["RetentionInDays"] == 365
    longer = template("data", {"data.log_days": 366})
    assert properties(longer, "AWS::Logs::LogGroup", "TrailEvents")["RetentionInDays"] == 400


def test_a_setting_leaves_the_trail_out() -> None:
    without = template("data", {"data.trail": False})
    assert resources(without, "AWS::CloudTrail::Trail") == {}
    assert len(resources(without, "AWS::S3::Bucket")) == len(BUCKETS) - 1


def test_a_setting_brings_a_catalog_of_captured_data() -> None:
    assert resources(template("data"), "AWS::Glue::Database") == {}
    with_catalog = template("data", {"data.catalog": True})
    assert properties(with_catalog, "AWS::Glue::Database", "Catalog")["DatabaseInput"]["Name"] == "sageline_dev"


def test_a_setting_says_how_long_a_deleted_key_can_be_saved() -> None:
    for key in resources(template("data", {"data.key_deletion_days": 8}), "AWS::KMS::Key").values():
        assert key["Properties"]["PendingWindowInDays"] == 8
