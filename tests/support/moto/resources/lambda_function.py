"""AWS::Lambda::Function."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation.resource import Made, Order, Resource
from tests.support.moto.cloudformation.settling import settle, settle_tags
from tests.support.moto.cloudformation.tags import tag_map

_SETTINGS = (
    "DeadLetterConfig",
    "Description",
    "Environment",
    "EphemeralStorage",
    "Handler",
    "Layers",
    "LoggingConfig",
    "MemorySize",
    "Role",
    "Runtime",
    "Timeout",
    "TracingConfig",
    "VpcConfig",
)


def create(order: Order, lambda_: Any) -> Made:
    """Make the function, then the share of concurrency that is its own."""
    wanted = order.properties
    name = wanted.take("FunctionName", order.name)
    code = wanted.group("Code").some("ImageUri", "S3Bucket", "S3Key", "S3ObjectVersion")
    request = wanted.some(*_SETTINGS, "Architectures", "PackageType", KMSKeyArn="KmsKeyArn")
    tags = tag_map(wanted.take("Tags"))
    arn = lambda_.create_function(FunctionName=name, Code=code, Tags=tags, **request)["FunctionArn"]
    order.made = Made(name, {"Arn": arn})
    _reserve(order, lambda_)
    return order.made


def update(order: Order, lambda_: Any) -> Made:
    """Change code, settings, tags and concurrency."""
    wanted = order.properties
    assert order.made is not None
    code, architectures = (
        wanted.group("Code").some("ImageUri", "S3Bucket", "S3Key", "S3ObjectVersion"),
        wanted.some("Architectures"),
    )
    if code != order.before["Code"] or architectures.get("Architectures") != order.before.get("Architectures"):
        lambda_.update_function_code(FunctionName=order.id, **code, **architectures)
    lambda_.update_function_configuration(FunctionName=order.id, **wanted.some(*_SETTINGS, KMSKeyArn="KmsKeyArn"))
    arn = order.made.attributes["Arn"]
    settle_tags(
        order,
        lambda tags: lambda_.tag_resource(Resource=arn, Tags=tag_map(tags)),
        lambda keys: lambda_.untag_resource(Resource=arn, TagKeys=keys),
    )
    _reserve(order, lambda_)
    return order.made


def _reserve(order: Order, lambda_: Any) -> None:
    settle(
        order,
        "ReservedConcurrentExecutions",
        lambda count: lambda_.put_function_concurrency(FunctionName=order.id, ReservedConcurrentExecutions=count),
        lambda: lambda_.delete_function_concurrency(FunctionName=order.id),
    )


def delete(order: Order, lambda_: Any) -> None:
    """Delete the function."""
    lambda_.delete_function(FunctionName=order.id)


RESOURCE = Resource(
    type="AWS::Lambda::Function",
    service="lambda",
    native=True,
    why="It drops what it does not know without a word.",
    create=create,
    update=update,
    delete=delete,
    name="FunctionName",
    name_length=64,
)
