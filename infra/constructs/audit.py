"""Who is told of what should not happen to data: refused requests, and changes to keys and to buckets."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3

from infra.constructs.alarms import Alarms, Watched
from infra.constructs.dead_letters import DeadLetters
from infra.constructs.failure_topic import FailureTopic

METRIC = "RefusedRequests"
_CALL = "AWS API Call via CloudTrail"
_KEY_CHANGES = ["DisableKey", "DisableKeyRotation", "PutKeyPolicy", "ScheduleKeyDeletion"]
_BUCKET_CHANGES = [
    "DeleteBucket",
    "DeleteBucketEncryption",
    "DeleteBucketPolicy",
    "DeleteBucketPublicAccessBlock",
    "PutBucketEncryption",
    "PutBucketLifecycle",
    "PutBucketLogging",
    "PutBucketPolicy",
    "PutBucketPublicAccessBlock",
    "PutBucketVersioning",
]


def watch_refusals(alarms: Alarms, trail: logs.ILogGroup, namespace: str, most: int) -> None:
    """Tell of many refused requests for objects, which the trail has written down."""
    logs.CfnMetricFilter(
        alarms.scope,
        "RefusedRequests",
        filter_pattern='{ $.errorCode = "AccessDenied" }',
        log_group_name=trail.log_group_name,
        metric_transformations=[
            logs.CfnMetricFilter.MetricTransformationProperty(
                metric_name=METRIC, metric_namespace=namespace, metric_value="1"
            )
        ],
    )
    alarms.add(
        "Refused",
        f"More than {most} requests for objects were refused in 5 minutes.",
        "requests-for-objects-are-refused",
        Watched(namespace, METRIC, {}, "Sum", threshold=most),
    )


def tell_of_changes(
    topic: FailureTopic, keys: Sequence[kms.IKey], buckets: Sequence[s3.IBucket], see: str, dead_letters: DeadLetters
) -> list[str]:
    """Tell of calls that weaken or end a key or a bucket; return the rules' ARNs.

    The trail of this project writes down objects alone. EventBridge gets these calls where any trail of the account
    writes down management events in this region.
    """
    changed = {
        "Keys": ("kms", _KEY_CHANGES, "keyId", [value for key in keys for value in (key.key_id, key.key_arn)]),
        "Buckets": ("s3", _BUCKET_CHANGES, "bucketName", [bucket.bucket_name for bucket in buckets]),
    }
    return [
        topic.announce(
            f"{id_}Changed",
            description=f"Tells of changes to {id_.lower()}",
            pattern={
                "source": [f"aws.{service}"],
                "detail-type": [_CALL],
                "detail": {
                    "eventSource": [f"{service}.amazonaws.com"],
                    "eventName": calls,
                    "requestParameters": {member: resources},
                },
            },
            values={"call": "$.detail.eventName", "who": "$.detail.userIdentity.arn", "time": "$.time"},
            message=f"<who> called <call> on one of this environment's {id_.lower()} at <time>. {see}",
            dead_letters=dead_letters,
        ).attr_arn
        for id_, (service, calls, member, resources) in changed.items()
    ]
