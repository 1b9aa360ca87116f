"""A bucket, and one with keys that sort in every way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.local.api.s3.listed import BUCKET

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@pytest.fixture
def bucket(s3: S3Client) -> str:
    s3.create_bucket(Bucket=BUCKET)
    return BUCKET


@pytest.fixture
def filled(s3: S3Client, bucket: str) -> str:
    for key in ("B", "a-b", "a/1", "a/2", "b/c/1", "é"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"x")
    return bucket
