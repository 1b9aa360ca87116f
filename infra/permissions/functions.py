"""What the functions of pipelines need: exactly the calls in their code, on the problems' own resources."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from infra.constructs.policy import Permission
from infra.permissions import registry, storage
from infra.permissions.place import Place
from pipeline.names import pipeline_name

PASSED_TAG = "sageline:passed"
"""What SmokeTest writes on endpoints, as in its own file."""


def find_champion(place: Place, names: Sequence[str]) -> list[Permission]:
    """Return what finding the newest approved model of some groups takes."""
    because = "Every version of a problem's own group may be its champion."
    return [registry.list_versions(place), registry.read_versions(registry.versions(place, names), because)]


def smoke_test(place: Place, names: Sequence[str], artifacts: s3.IBucket, key: kms.IKey) -> list[Permission]:
    """Return what comparing the endpoints of some pipelines with their archives takes, and undoing deployments."""
    endpoints = [place.arn("sagemaker", "endpoint", name) for name in names]
    configs = [place.arn("sagemaker", "endpoint-config", f"{name}-*") for name in names]
    return [
        Permission("AskEndpoints", ["sagemaker:InvokeEndpoint"], endpoints),
        Permission("LookAtEndpoints", ["sagemaker:DescribeEndpoint", "sagemaker:ListTags"], endpoints),
        Permission(
            "NoteWhatPassed",
            ["sagemaker:AddTags"],
            endpoints,
            {"ForAllValues:StringEquals": {"aws:TagKeys": [PASSED_TAG]}, "Null": {"aws:TagKeys": "false"}},
        ),
        Permission(
            "GoBack",
            ["sagemaker:UpdateEndpoint"],
            [*endpoints, *configs],
            because="A configuration is named after its execution.",
        ),
        Permission(
            "LookAtConfigurations",
            ["sagemaker:DescribeEndpointConfig"],
            configs,
            because="A configuration is named after its execution.",
        ),
        # Never one that has passed: it serves, or goes back to what served.
        Permission(
            "DeleteWhatNeverPassed",
            ["sagemaker:DeleteEndpoint"],
            endpoints,
            {"Null": {f"aws:ResourceTag/{PASSED_TAG}": "true"}},
        ),
        Permission(
            "ReadArchives",
            ["s3:GetObject"],
            [artifacts.arn_for_objects(f"{name}/*") for name in names],
            because="Each execution writes its archive under its own name.",
        ),
        storage.decrypt("DecryptArchives", key, place),
    ]


def start_pipeline(place: Place, names: Sequence[str], raw: s3.IBucket, prefixes: Sequence[str]) -> list[Permission]:
    """Return what starting some pipelines on what lies below some prefixes takes: the files' names, not the files."""
    return [
        Permission(
            "StartPipelines",
            ["sagemaker:StartPipelineExecution"],
            [place.arn("sagemaker", "pipeline", name) for name in names],
        ),
        Permission("ListData", ["s3:ListBucket"], [raw.bucket_arn], {"StringEquals": {"s3:prefix": list(prefixes)}}),
    ]


def find_captured(
    place: Place, problems: Sequence[str], captured: s3.IBucket, artifacts: s3.IBucket, key: kms.IKey
) -> list[Permission]:
    """Return what listing the files captured of some problems takes: the files' names, not the files."""
    prefixes = [f"{problem}/*" for problem in problems]
    manifests = [artifacts.arn_for_objects(f"{pipeline_name(problem)}/*/manifest.json") for problem in problems]
    return [
        Permission("ListCaptured", ["s3:ListBucket"], [captured.bucket_arn], {"StringLike": {"s3:prefix": prefixes}}),
        Permission("WriteManifests", ["s3:PutObject"], manifests, because="A manifest's key names its execution."),
        Permission("EncryptManifests", ["kms:GenerateDataKey"], [key.key_arn], storage.through_s3(place)),
    ]
