"""Keys listed through boto3: by prefix, folded at a delimiter, in pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.local.api.s3.listed import keys

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Refused = Callable[..., tuple[str, str]]


def test_listing_in_byte_order(s3: S3Client, filled: str) -> None:
    assert keys(s3.list_objects_v2(Bucket=filled)) == ["B", "a-b", "a/1", "a/2", "b/c/1", "é"]
    assert keys(s3.list_objects(Bucket=filled)) == ["B", "a-b", "a/1", "a/2", "b/c/1", "é"]
    assert keys(s3.list_objects_v2(Bucket=filled, Prefix="a/")) == ["a/1", "a/2"]
    assert keys(s3.list_objects_v2(Bucket=filled, StartAfter="a/1")) == ["a/2", "b/c/1", "é"]
    assert s3.list_objects_v2(Bucket=filled, Prefix="nothing")["KeyCount"] == 0


def test_listing_folds_at_the_delimiter(s3: S3Client, filled: str) -> None:
    folded = s3.list_objects_v2(Bucket=filled, Delimiter="/")
    assert keys(folded) == ["B", "a-b", "é"]
    assert [each["Prefix"] for each in folded["CommonPrefixes"]] == ["a/", "b/"]
    assert folded["KeyCount"] == 5


@pytest.mark.parametrize("size", [1, 2, 5, 6, 7])
@pytest.mark.parametrize("operation", ["list_objects_v2", "list_objects"])
@pytest.mark.parametrize("delimiter", ["", "/"])
def test_pages_together_are_the_whole(s3: S3Client, filled: str, size: int, operation: Any, delimiter: str) -> None:
    paginator = s3.get_paginator(operation)
    found: list[str] = []
    for page in paginator.paginate(
        Bucket=filled, PaginationConfig={"PageSize": size}, **({"Delimiter": delimiter} if delimiter else {})
    ):
        names = keys(page) + [each["Prefix"] for each in page.get("CommonPrefixes", [])]
        assert len(names) <= size
        found += names
    whole = ["B", "a-b", "a/", "b/", "é"] if delimiter else ["B", "a-b", "a/1", "a/2", "b/c/1", "é"]
    assert sorted(found, key=str.encode) == whole


def test_a_token_of_another_making_is_refused(s3: S3Client, bucket: str, refused: Refused) -> None:
    code, message = refused(s3.list_objects_v2, Bucket=bucket, ContinuationToken="%%%")
    assert (code, message) == ("InvalidArgument", "The continuation token provided is incorrect.")
