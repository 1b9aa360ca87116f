"""What registering another account's approved versions takes: reading there, and copies and versions here."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from config.settings.promotion import Source
from infra import names
from infra.constructs.policy import Permission
from infra.permissions import registry, storage
from infra.permissions.place import Place

#: What versions are made of (pipeline/steps/register.py): what others may read, and never the rows beside it.
FILES = ("model.tar.gz", "evaluation.json", "baseline.json")
_KEYS = "Each execution writes under its own name."


def promote(
    place: Place, groups: Sequence[str], source: Source, artifacts: s3.IBucket, key: kms.IKey
) -> list[Permission]:
    """Return what the function takes that registers versions of some groups."""
    stack = place.stack
    theirs = [
        stack.format_arn(
            service="sagemaker", resource="model-package", resource_name=f"{group}/*", account=source.account
        )
        for group in groups
    ]
    own = registry.versions(place, groups)
    through_s3 = storage.through_s3(place)
    return [
        registry.read_versions([*theirs, *own]),
        registry.list_versions(place),
        Permission("Register", ["sagemaker:CreateModelPackage"], own, because=registry.NUMBERED),
        Permission(
            "ReadTheirFiles",
            ["s3:GetObject"],
            [f"arn:{stack.partition}:s3:::*/{group}/*" for group in groups],
            {"StringEquals": {"s3:ResourceAccount": source.account}},
            because="The other account's CloudFormation has named its bucket. " + _KEYS,
        ),
        Permission(
            "DecryptTheirFiles",
            ["kms:Decrypt"],
            [stack.format_arn(service="kms", resource="key", resource_name="*", account=source.account)],
            {
                **through_s3,
                "ForAnyValue:StringEquals": {"kms:ResourceAliases": names.alias(source.environment, "artifacts")},
            },
            because="The other account's key is known by its alias.",
        ),
        Permission(
            "WriteCopies",
            ["s3:PutObject"],
            [artifacts.arn_for_objects(f"{group}/promoted/{source.account}/*") for group in groups],
            because=_KEYS,
        ),
        Permission("EncryptCopies", ["kms:GenerateDataKey"], [key.key_arn], through_s3),
    ]
