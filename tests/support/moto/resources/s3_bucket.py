"""AWS::S3::Bucket."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation.properties import Properties
from tests.support.moto.cloudformation.resource import Made, Order, Resource
from tests.support.moto.cloudformation.tags import tag_list


def create(order: Order, s3: Any) -> Made:
    """Make the bucket, then give it its settings."""
    wanted = order.properties
    name = wanted.take("BucketName", order.name.lower())
    request = wanted.some(ACL="AccessControl", ObjectLockEnabledForBucket="ObjectLockEnabled")
    if "ACL" in request:
        request["ACL"] = {"Private": "private"}[request["ACL"]]
    if order.region != "us-east-1":
        request["CreateBucketConfiguration"] = {"LocationConstraint": order.region}
    s3.create_bucket(Bucket=name, **request)
    order.made = Made(
        name,
        {
            "Arn": f"arn:aws:s3:::{name}",
            "DomainName": f"{name}.s3.amazonaws.com",
            "RegionalDomainName": f"{name}.s3.{order.region}.amazonaws.com",
            "DualStackDomainName": f"{name}.s3.dualstack.{order.region}.amazonaws.com",
        },
    )
    return update(order, s3)


def update(order: Order, s3: Any) -> Made:
    """Put every setting that is there, and take away those that are no longer."""
    for property_, put, remove in _SETTINGS:
        if property_ in order.properties:
            put(s3, order.id, order.properties)
        elif property_ in order.before:
            remove(s3, order.id)
    assert order.made is not None
    return order.made


def delete(order: Order, s3: Any) -> None:
    """Delete the bucket, which has to be empty."""
    s3.delete_bucket(Bucket=order.id)


def _encryption(s3: Any, bucket: str, wanted: Properties) -> None:
    configuration = wanted.group("BucketEncryption")
    rules = []
    for rule in configuration.groups("ServerSideEncryptionConfiguration"):
        renamed = rule.some(ApplyServerSideEncryptionByDefault="ServerSideEncryptionByDefault")
        rules.append(renamed | rule.rest())
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": rules})


def _versioning(s3: Any, bucket: str, wanted: Properties) -> None:
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration=wanted.take("VersioningConfiguration"))


def _public_access(s3: Any, bucket: str, wanted: Properties) -> None:
    s3.put_public_access_block(
        Bucket=bucket, PublicAccessBlockConfiguration=wanted.take("PublicAccessBlockConfiguration")
    )


def _ownership(s3: Any, bucket: str, wanted: Properties) -> None:
    s3.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls=wanted.take("OwnershipControls"))


def _logging(s3: Any, bucket: str, wanted: Properties) -> None:
    configuration = wanted.group("LoggingConfiguration")
    enabled = {"TargetBucket": bucket, "TargetPrefix": ""}
    enabled |= configuration.some(TargetBucket="DestinationBucketName", TargetPrefix="LogFilePrefix")
    s3.put_bucket_logging(
        Bucket=bucket, BucketLoggingStatus={"LoggingEnabled": enabled | configuration.some("TargetObjectKeyFormat")}
    )


def _notifications(s3: Any, bucket: str, wanted: Properties) -> None:
    """Take EventBridge alone: that it is on is said by a member that is there, and empty."""
    event_bridge = wanted.group("NotificationConfiguration").group("EventBridgeConfiguration")
    on = event_bridge.take("EventBridgeEnabled")
    s3.put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={"EventBridgeConfiguration": {}} if on else {}
    )


def _tags(s3: Any, bucket: str, wanted: Properties) -> None:
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": tag_list(wanted.take("Tags"))})


def _lifecycle(s3: Any, bucket: str, wanted: Properties) -> None:
    configuration = wanted.group("LifecycleConfiguration")
    rules = [_rule(rule) for rule in configuration.groups("Rules")]
    s3.put_bucket_lifecycle_configuration(
        Bucket=bucket,
        LifecycleConfiguration={"Rules": rules},
        **configuration.some("TransitionDefaultMinimumObjectSize"),
    )


def _rule(rule: Properties) -> dict[str, Any]:
    """Return a rule in the API's words, which has no days in the names and puts the prefix into a filter."""
    request: dict[str, Any] = {"Filter": {"Prefix": rule.take("Prefix", "")}} | rule.some(ID="Id")
    if expiration := rule.some(
        Days="ExpirationInDays", Date="ExpirationDate", ExpiredObjectDeleteMarker="ExpiredObjectDeleteMarker"
    ):
        request["Expiration"] = expiration
    if "Transitions" in rule:
        request["Transitions"] = [
            each.some(Days="TransitionInDays", Date="TransitionDate") | each.rest()
            for each in rule.groups("Transitions")
        ]
    if "NoncurrentVersionTransitions" in rule:
        request["NoncurrentVersionTransitions"] = [
            each.some(NoncurrentDays="TransitionInDays") | each.rest()
            for each in rule.groups("NoncurrentVersionTransitions")
        ]
    return request | rule.rest()


def _off_logging(s3: Any, bucket: str) -> None:
    s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={})


def _off_notifications(s3: Any, bucket: str) -> None:
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={})


def _suspend(s3: Any, bucket: str) -> None:
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})


_SETTINGS = (
    ("BucketEncryption", _encryption, lambda s3, bucket: s3.delete_bucket_encryption(Bucket=bucket)),
    ("VersioningConfiguration", _versioning, _suspend),
    ("PublicAccessBlockConfiguration", _public_access, lambda s3, bucket: s3.delete_public_access_block(Bucket=bucket)),
    ("OwnershipControls", _ownership, lambda s3, bucket: s3.delete_bucket_ownership_controls(Bucket=bucket)),
    ("LifecycleConfiguration", _lifecycle, lambda s3, bucket: s3.delete_bucket_lifecycle(Bucket=bucket)),
    ("LoggingConfiguration", _logging, _off_logging),
    ("NotificationConfiguration", _notifications, _off_notifications),
    ("Tags", _tags, lambda s3, bucket: s3.delete_bucket_tagging(Bucket=bucket)),
)

RESOURCE = Resource(
    type="AWS::S3::Bucket",
    service="s3",
    native=True,
    why="It drops versioning and lifecycle.",
    create=create,
    update=update,
    delete=delete,
    name="BucketName",
)
