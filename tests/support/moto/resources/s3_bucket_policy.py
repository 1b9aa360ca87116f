"""AWS::S3::BucketPolicy."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation.resource import Made, Order, Resource


def put(order: Order, s3: Any) -> Made:
    """Put the policy."""
    bucket = order.properties.take("Bucket")
    s3.put_bucket_policy(Bucket=bucket, Policy=order.properties.document("PolicyDocument"))
    return Made(bucket)


def delete(order: Order, s3: Any) -> None:
    """Take the policy away."""
    s3.delete_bucket_policy(Bucket=order.id)


RESOURCE = Resource(
    type="AWS::S3::BucketPolicy",
    service="s3",
    native=False,
    why="It is skipped.",
    create=put,
    update=put,
    delete=delete,
)
