"""What the pipeline's own role takes: starting the jobs of its steps, each as its definition says and no other way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from infra import names
from infra.constructs.policy import Permission
from infra.permissions import registry
from infra.permissions.place import Place

_JOBS = "SageMaker names a step's job `pipelines-EXECUTION-STEP-…` when it runs."
#: Kinds of job with the actions that a step of each takes beside Create.
_ISOLATED_JOBS: Mapping[str, tuple[str, Sequence[str]]] = {
    "Processing": ("processing-job", ("DescribeProcessingJob", "StopProcessingJob")),
    "Training": ("training-job", ("DescribeTrainingJob", "StopTrainingJob")),
    "HyperParameterTuning": (
        "hyper-parameter-tuning-job",
        (
            "DescribeHyperParameterTuningJob",
            "ListTrainingJobsForHyperParameterTuningJob",
            "StopHyperParameterTuningJob",
        ),
    ),
}


def jobs(place: Place, key: kms.IKey) -> list[Permission]:
    """Return what steps that start jobs take: isolated, in the private subnets, encrypted with the key.

    A definition that somebody changed so that a job would run with a network, or write with another key, is refused by
    SageMaker, whatever else the definition says.
    """
    isolated: dict[str, dict[str, object]] = {
        "Bool": {
            "sagemaker:InterContainerTrafficEncryption": "true",
            "sagemaker:NetworkIsolation": "true",
        },
        "ArnEquals": {"sagemaker:OutputKmsKey": key.key_arn, "sagemaker:VolumeKmsKey": key.key_arn},
        "ForAllValues:StringEquals": {
            "sagemaker:VpcSecurityGroupIds": list(place.security_group_ids),
            "sagemaker:VpcSubnets": list(place.subnet_ids),
        },
        "Null": {"sagemaker:VpcSecurityGroupIds": "false", "sagemaker:VpcSubnets": "false"},
    }
    found = []
    for kind, (resource, follow) in _ISOLATED_JOBS.items():
        arn = place.arn("sagemaker", resource, "pipelines-*")
        found.append(Permission(f"Start{kind}", [f"sagemaker:Create{kind}Job"], [arn], isolated, because=_JOBS))
        found.append(Permission(f"Follow{kind}", [f"sagemaker:{each}" for each in follow], [arn], because=_JOBS))
    transform = place.arn("sagemaker", "transform-job", "pipelines-*")
    found.append(
        Permission(
            "StartTransform",
            ["sagemaker:CreateTransformJob"],
            [transform],
            {"ArnEquals": {"sagemaker:OutputKmsKey": key.key_arn}},
            because=_JOBS,
        )
    )
    follow_transform = ["sagemaker:DescribeTransformJob", "sagemaker:StopTransformJob"]
    found.append(Permission("FollowTransform", follow_transform, [transform], because=_JOBS))
    return found


def models(place: Place, names_: Sequence[str]) -> list[Permission]:
    """Return what registering and serving the candidates of some pipelines takes."""
    network: dict[str, dict[str, object]] = {
        "Bool": {"sagemaker:NetworkIsolation": "true"},
        "ForAllValues:StringEquals": {"sagemaker:VpcSubnets": list(place.subnet_ids)},
        "Null": {"sagemaker:VpcSubnets": "false"},
    }
    model = place.arn("sagemaker", "model", "pipelines-*")
    configs = [place.arn("sagemaker", "endpoint-config", f"{name}-*") for name in names_]
    endpoints = [place.arn("sagemaker", "endpoint", name) for name in names_]
    packages = [place.arn("sagemaker", "model-package", f"{name}/*") for name in names_]
    configured = "A configuration is named after its execution."
    return [
        Permission("CreateModel", ["sagemaker:CreateModel"], [model], network, because=_JOBS),
        Permission("FollowModel", ["sagemaker:DescribeModel", "sagemaker:DeleteModel"], [model], because=_JOBS),
        Permission(
            "ConfigureEndpoint",
            [
                "sagemaker:CreateEndpointConfig",
                "sagemaker:DeleteEndpointConfig",
                "sagemaker:DescribeEndpointConfig",
            ],
            configs,
            because=configured,
        ),
        Permission(
            "DeployCandidate",
            ["sagemaker:CreateEndpoint", "sagemaker:UpdateEndpoint", "sagemaker:DescribeEndpoint"],
            [*endpoints, *configs],
            because=configured,
        ),
        Permission(
            "Register",
            ["sagemaker:CreateModelPackage", "sagemaker:DescribeModelPackage"],
            packages,
            because=registry.NUMBERED,
        ),
    ]


def tags(place: Place, names_: Sequence[str]) -> Permission:
    """Return what tagging all of that takes: SageMaker asks for it when a request has tags, and its steps always do."""
    kinds = ("hyper-parameter-tuning-job", "model", "processing-job", "training-job", "transform-job")
    named = [place.arn("sagemaker", kind, "pipelines-*") for kind in kinds]
    for name in names_:
        named += [
            place.arn("sagemaker", "endpoint", name),
            place.arn("sagemaker", "endpoint-config", f"{name}-*"),
            place.arn("sagemaker", "model-package", f"{name}/*"),
        ]
    return Permission("Tag", ["sagemaker:AddTags"], named, because=_JOBS)


def functions(place: Place) -> Permission:
    """Return what Lambda steps take."""
    return Permission(
        "InvokeFunctions",
        ["lambda:InvokeFunction"],
        [place.arn("lambda", "function", names.function_name("*")).replace("function/", "function:")],
        because="All functions of the platform are named so; they are made after the role.",
    )


def pass_roles(roles: Sequence[iam.IRole]) -> Permission:
    """Return what handing roles to SageMaker takes, and to SageMaker alone."""
    return Permission(
        "PassJobRoles",
        ["iam:PassRole"],
        [role.role_arn for role in roles],
        {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
    )
