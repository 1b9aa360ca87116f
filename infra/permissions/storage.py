"""Reading and writing objects, and the keys that they are encrypted with."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from infra.constructs.policy import Permission
from infra.permissions.place import Place

_OBJECTS = "Jobs read and write under keys that name the execution, which is known only when it runs."
_CODE = "Code assets are named by their content, which changes with every deployment."

Conditions = Mapping[str, Mapping[str, object]]


def read(sid: str, bucket: s3.IBucket, conditions: Conditions) -> list[Permission]:
    """Return what reading a bucket's objects takes."""
    return [
        Permission(f"{sid}Objects", ["s3:GetObject"], [bucket.arn_for_objects("*")], conditions, because=_OBJECTS),
        Permission(f"{sid}List", ["s3:ListBucket"], [bucket.bucket_arn], conditions),
    ]


def write(sid: str, bucket: s3.IBucket, conditions: Conditions) -> list[Permission]:
    """Return what writing objects to a bucket takes; large ones go up in parts."""
    return [
        Permission(
            sid,
            ["s3:AbortMultipartUpload", "s3:PutObject"],
            [bucket.arn_for_objects("*")],
            conditions,
            because=_OBJECTS,
        )
    ]


def read_code(place: Place) -> list[Permission]:
    """Return what reading the code bundle takes: an asset in the bucket that `cdk bootstrap` made."""
    home = place.home
    bucket = f"arn:{home.partition}:s3:::cdk-hnb659fds-assets-{home.account}-{home.region}"
    return [
        Permission("ReadCode", ["s3:GetObject"], [f"{bucket}/*"], place.from_vpc, because=_CODE),
        Permission("ListCode", ["s3:ListBucket"], [bucket], place.from_vpc),
    ]


def decrypt(sid: str, key: kms.IKey, place: Place) -> Permission:
    """Return what reading encrypted objects takes."""
    return Permission(sid, ["kms:Decrypt"], [key.key_arn], through_s3(place))


def encrypt(sid: str, key: kms.IKey, place: Place) -> Permission:
    """Return what writing encrypted objects takes, in parts too: S3 decrypts a part's data key to go on."""
    actions = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"]
    return Permission(sid, actions, [key.key_arn], through_s3(place))


def volumes(key: kms.IKey) -> Permission:
    """Return what encrypted disks of jobs take: grants that only AWS's services make."""
    return Permission(
        "EncryptVolumes",
        ["kms:CreateGrant", "kms:DescribeKey"],
        [key.key_arn],
        {"BoolIfExists": {"kms:GrantIsForAWSResource": "true"}},
    )


def through_s3(place: Place) -> Conditions:
    """Return the condition that a key is used by S3 on the role's behalf."""
    return {"StringEquals": {"kms:ViaService": f"s3.{place.home.region}.amazonaws.com"}}
