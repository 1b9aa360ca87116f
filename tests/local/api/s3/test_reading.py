"""Objects read through boto3: whole, in part, under conditions; what is not there."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Refused = Callable[..., tuple[str, str]]


@pytest.mark.parametrize(
    ("asked", "body", "content_range"),
    [
        ("bytes=0-0", b"0", "bytes 0-0/10"),
        ("bytes=3-5", b"345", "bytes 3-5/10"),
        ("bytes=7-", b"789", "bytes 7-9/10"),
        ("bytes=7-99", b"789", "bytes 7-9/10"),
        ("bytes=-2", b"89", "bytes 8-9/10"),
        ("bytes=-99", b"0123456789", None),
        ("bytes=5-3", b"0123456789", None),
        ("lines=1-2", b"0123456789", None),
    ],
)
def test_ranges(s3: S3Client, bucket: str, asked: str, body: bytes, content_range: str | None) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"0123456789")
    got = s3.get_object(Bucket=bucket, Key="k", Range=asked)
    assert (got["Body"].read(), got.get("ContentRange"), got["ContentLength"]) == (body, content_range, len(body))


@pytest.mark.parametrize("asked", ["bytes=10-", "bytes=10-12", "bytes=-0"])
def test_a_range_outside_the_object_is_refused(s3: S3Client, bucket: str, asked: str, refused: Refused) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"0123456789")
    assert refused(s3.get_object, Bucket=bucket, Key="k", Range=asked)[0] == "InvalidRange"


def test_a_body_can_be_read_in_pieces(s3: S3Client, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"one\ntwo\nthree")
    assert list(s3.get_object(Bucket=bucket, Key="k")["Body"].iter_lines()) == [b"one", b"two", b"three"]
    with s3.get_object(Bucket=bucket, Key="k")["Body"] as body:
        assert body.read(4) == b"one\n"


def test_a_body_that_nobody_reads_is_closed(s3: S3Client, bucket: str, home: Path) -> None:
    if not Path("/proc/self/fd").is_dir():
        pytest.skip("this system does not list a process's open files")

    def opened() -> list[Path]:
        links = [entry.resolve() for entry in Path("/proc/self/fd").iterdir()]
        return [path for path in links if path.is_relative_to(home / "s3")]

    s3.put_object(Bucket=bucket, Key="k", Body=b"x" * 100_000)
    held = s3.get_object(Bucket=bucket, Key="k")
    assert len(opened()) == 1
    del held
    gc.collect()
    assert opened() == []


def test_what_is_not_there(s3: S3Client, bucket: str, refused: Refused) -> None:
    assert refused(s3.get_object, Bucket=bucket, Key="no")[0] == "NoSuchKey"
    assert refused(s3.head_object, Bucket=bucket, Key="no")[0] == "404"
    assert refused(s3.get_object, Bucket="no-such-bucket", Key="no")[0] == "NoSuchBucket"
    assert refused(s3.list_objects_v2, Bucket="no-such-bucket")[0] == "NoSuchBucket"
    assert refused(s3.head_bucket, Bucket="no-such-bucket")[0] == "404"
    assert refused(s3.copy_object, Bucket=bucket, Key="k", CopySource={"Bucket": bucket, "Key": "no"})[0] == "NoSuchKey"
    with pytest.raises(s3.exceptions.NoSuchKey):
        s3.get_object(Bucket=bucket, Key="no")


def test_conditions(s3: S3Client, bucket: str, refused: Refused) -> None:
    tag = s3.put_object(Bucket=bucket, Key="k", Body=b"1", IfNoneMatch="*")["ETag"]
    assert refused(s3.put_object, Bucket=bucket, Key="k", Body=b"2", IfNoneMatch="*")[0] == "PreconditionFailed"
    assert refused(s3.put_object, Bucket=bucket, Key="k", Body=b"2", IfMatch='"other"')[0] == "PreconditionFailed"
    assert refused(s3.get_object, Bucket=bucket, Key="k", IfMatch='"other"')[0] == "PreconditionFailed"
    assert refused(s3.get_object, Bucket=bucket, Key="k", IfNoneMatch=tag)[0] == "304"
    s3.put_object(Bucket=bucket, Key="k", Body=b"2", IfMatch=tag)
    assert s3.get_object(Bucket=bucket, Key="k", IfNoneMatch=tag)["Body"].read() == b"2"
