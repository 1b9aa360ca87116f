"""AWS::CloudTrail::Trail."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation.resource import Made, Order, Resource
from tests.support.moto.cloudformation.tags import changed_tags, tag_list

_MEMBERS = (
    "CloudWatchLogsLogGroupArn",
    "CloudWatchLogsRoleArn",
    "EnableLogFileValidation",
    "IncludeGlobalServiceEvents",
    "IsMultiRegionTrail",
    "IsOrganizationTrail",
    "S3BucketName",
    "S3KeyPrefix",
    "SnsTopicName",
)


def create(order: Order, cloudtrail: Any) -> Made:
    """Make the trail, say what it watches, and start it."""
    wanted = order.properties
    trail = cloudtrail.create_trail(
        Name=wanted.take("TrailName", order.name),
        TagsList=tag_list(wanted.take("Tags")),
        **wanted.some(*_MEMBERS, KmsKeyId="KMSKeyId"),
    )
    order.made = Made(trail["Name"], {"Arn": trail["TrailARN"]})
    _settle(order, cloudtrail)
    return order.made


def update(order: Order, cloudtrail: Any) -> Made:
    """Change the trail, what it watches, and whether it does."""
    cloudtrail.update_trail(Name=order.id, **order.properties.some(*_MEMBERS, KmsKeyId="KMSKeyId"))
    tags, removed = changed_tags(order)
    arn = order.arn("cloudtrail", f"trail/{order.id}")
    if tags:
        cloudtrail.add_tags(ResourceId=arn, TagsList=tags)
    if removed:
        cloudtrail.remove_tags(ResourceId=arn, TagsList=[{"Key": key} for key in removed])
    _settle(order, cloudtrail)
    assert order.made is not None
    return order.made


def _settle(order: Order, cloudtrail: Any) -> None:
    for name in ("EventSelectors", "AdvancedEventSelectors"):
        if name in order.properties:
            cloudtrail.put_event_selectors(TrailName=order.id, **order.properties.some(name))
    if order.properties.take("IsLogging"):
        cloudtrail.start_logging(Name=order.id)
    else:
        cloudtrail.stop_logging(Name=order.id)


def delete(order: Order, cloudtrail: Any) -> None:
    """Delete the trail."""
    cloudtrail.delete_trail(Name=order.id)


RESOURCE = Resource(
    type="AWS::CloudTrail::Trail",
    service="cloudtrail",
    native=False,
    why="It is skipped.",
    create=create,
    update=update,
    delete=delete,
    name="TrailName",
    name_length=128,
)
