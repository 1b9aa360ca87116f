"""What every container of SageMaker's takes: its image, its log, its metrics, its place in the network."""

from __future__ import annotations

from collections.abc import Sequence

from config.own_image import OWN_REPOSITORY
from infra.constructs.policy import Permission
from infra.permissions.place import Place

#: The repository of the image that all jobs run in.
REPOSITORY = "sagemaker-xgboost"
#: The repository of Neo's own image, which serves what Neo has compiled.
NEO_REPOSITORY = "xgboost-neo"
_PULL = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]


def container(place: Place, log_group: str, repositories: Sequence[str] = (REPOSITORY,)) -> list[Permission]:
    """Return what a container takes whose logs go to ``/aws/sagemaker/…`` with an image of AWS's."""
    return [*_image(place, repositories), *_logs(place, log_group), _metrics(place), *_interfaces(place)]


def own_image(place: Place) -> Permission:
    """Return what a container of our own image takes besides."""
    return Permission(
        "PullOwnImage",
        _PULL,
        [place.arn("ecr", "repository", OWN_REPOSITORY)],
        because="Sageline's own image serves models where a problem says so.",
    )


def _image(place: Place, names: Sequence[str]) -> list[Permission]:
    home = place.home
    repositories = [f"arn:{home.partition}:ecr:{home.region}:*:repository/{name}" for name in names]
    return [
        Permission(
            "PullImage",
            _PULL,
            repositories,
            because="The image is AWS's, in an account of theirs that differs from region to region.",
        ),
        Permission(
            "LogInToRegistry",
            ["ecr:GetAuthorizationToken"],
            ["*"],
            place.only_here,
            because="The action has no resource.",
        ),
    ]


def _logs(place: Place, group: str) -> list[Permission]:
    arn = place.home.arn("logs", f"log-group:/aws/sagemaker/{group}")
    return [
        Permission(
            "WriteLogs",
            ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            [arn, f"{arn}:log-stream:*"],
            because="SageMaker names log streams by job and host.",
        )
    ]


def _metrics(place: Place) -> Permission:
    return Permission(
        "PutMetrics",
        ["cloudwatch:PutMetricData"],
        ["*"],
        {"StringLike": {"cloudwatch:namespace": ["/aws/sagemaker/*", "aws/sagemaker/*"]}, **place.only_here},
        because="The action has no resource; the namespace is SageMaker's own.",
    )


def _interfaces(place: Place) -> list[Permission]:
    interfaces = place.arn("ec2", "network-interface", "*")
    subnets = [place.arn("ec2", "subnet", each) for each in place.subnet_ids]
    groups = [place.arn("ec2", "security-group", each) for each in place.security_group_ids]
    return [
        Permission(
            "MakeInterfaces",
            ["ec2:CreateNetworkInterface"],
            [interfaces, *subnets, *groups],
            because="An interface has no name before it is made; its subnet and security group are named.",
        ),
        Permission(
            "LendInterfaces",
            ["ec2:CreateNetworkInterfacePermission"],
            [interfaces],
            {"StringEquals": {"ec2:AuthorizedService": "sagemaker.amazonaws.com"}},
            because="Interfaces are made for each job; SageMaker alone may be lent one.",
        ),
        Permission(
            "RemoveInterfaces",
            ["ec2:DeleteNetworkInterface", "ec2:DeleteNetworkInterfacePermission"],
            [interfaces],
            {"ArnEquals": {"ec2:Subnet": subnets}} if subnets else {},
            because="Interfaces are made for each job.",
        ),
        Permission(
            "LookAtNetwork",
            [
                "ec2:DescribeDhcpOptions",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSubnets",
                "ec2:DescribeVpcs",
            ],
            ["*"],
            place.only_here,
            because="These actions have no resource.",
        ),
    ]
