"""Uploads in parts through boto3, by hand and by its own transfers."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Refused = Callable[..., tuple[str, str]]


def test_large_files_go_up_and_come_down_in_parts(s3: S3Client, bucket: str, tmp_path: Path) -> None:
    source, back = tmp_path / "large", tmp_path / "back"
    source.write_bytes(b"".join(bytes([number]) * (1 << 20) for number in range(20)))
    s3.upload_file(str(source), bucket, "large", ExtraArgs={"ContentType": "application/x-thing"})
    head = s3.head_object(Bucket=bucket, Key="large")
    assert (head["ContentLength"], head["ContentType"]) == (20 << 20, "application/x-thing")
    assert head["ETag"].endswith('-3"')
    s3.download_file(bucket, "large", str(back))
    assert back.read_bytes() == source.read_bytes()
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=bucket)


def test_small_files_go_up_and_come_down(s3: S3Client, bucket: str, tmp_path: Path) -> None:
    (tmp_path / "small").write_bytes(b"abc")
    s3.upload_file(str(tmp_path / "small"), bucket, "small")
    s3.upload_fileobj(io.BytesIO(b"def"), bucket, "object")
    s3.download_file(bucket, "small", str(tmp_path / "back"))
    received = io.BytesIO()
    s3.download_fileobj(bucket, "object", received)
    assert ((tmp_path / "back").read_bytes(), received.getvalue()) == (b"abc", b"def")


def test_parts_are_listed_replaced_and_joined_in_their_order(s3: S3Client, bucket: str, home: Path) -> None:
    upload = s3.create_multipart_upload(Bucket=bucket, Key="joined")["UploadId"]
    part: Any = {"Bucket": bucket, "Key": "joined", "UploadId": upload}
    s3.upload_part(**part, PartNumber=1, Body=b"0" * (5 << 20))
    second = s3.upload_part(**part, PartNumber=2, Body=b"end")["ETag"]
    first = s3.upload_part(**part, PartNumber=1, Body=b"1" * (5 << 20))["ETag"]
    listed = s3.list_parts(**part)["Parts"]
    assert [(each["PartNumber"], each["ETag"], each["Size"]) for each in listed] == [
        (1, first, 5 << 20),
        (2, second, 3),
    ]
    assert [each["Key"] for each in s3.list_multipart_uploads(Bucket=bucket)["Uploads"]] == ["joined"]
    parts: Any = [{"PartNumber": 1, "ETag": first}, {"PartNumber": 2, "ETag": second}]
    done = s3.complete_multipart_upload(**part, MultipartUpload={"Parts": parts})
    got = s3.get_object(Bucket=bucket, Key="joined")
    assert got["Body"].read() == b"1" * (5 << 20) + b"end"
    assert got["ETag"] == done["ETag"] == s3.list_objects_v2(Bucket=bucket)["Contents"][0]["ETag"]
    assert not list((home / "staging" / "uploads").iterdir())


def test_uploads_that_are_wrong_are_refused(s3: S3Client, bucket: str, refused: Refused) -> None:
    upload = s3.create_multipart_upload(Bucket=bucket, Key="k")["UploadId"]
    part: Any = {"Bucket": bucket, "Key": "k", "UploadId": upload}
    tags = [s3.upload_part(**part, PartNumber=number, Body=b"small")["ETag"] for number in (1, 2)]

    def complete(*listed: tuple[int, str]) -> str:
        parts = [{"PartNumber": number, "ETag": tag} for number, tag in listed]
        return refused(s3.complete_multipart_upload, **part, MultipartUpload={"Parts": parts})[0]

    assert complete((1, tags[0]), (2, tags[1])) == "EntityTooSmall"
    assert complete((2, tags[1]), (1, tags[0])) == "InvalidPartOrder"
    assert complete((1, '"0"')) == "InvalidPart"
    assert complete((3, tags[0])) == "InvalidPart"
    assert refused(s3.upload_part, **part, PartNumber=0, Body=b"x")[0] == "InvalidArgument"
    for wrong in ("../../s3", "f" * 32, upload.upper() + "x"):
        assert refused(s3.upload_part, **{**part, "UploadId": wrong}, PartNumber=1, Body=b"x")[0] == "NoSuchUpload"
    assert refused(s3.upload_part, **{**part, "Key": "other"}, PartNumber=1, Body=b"x")[0] == "NoSuchUpload"
    s3.abort_multipart_upload(**part)
    assert refused(s3.list_parts, **part)[0] == "NoSuchUpload"


def test_a_part_can_be_a_copy(s3: S3Client, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="source", Body=b"0123456789")
    part: Any = {
        "Bucket": bucket,
        "Key": "copy",
        "UploadId": s3.create_multipart_upload(Bucket=bucket, Key="copy")["UploadId"],
    }
    copied = s3.upload_part_copy(**part, PartNumber=1, CopySource=f"{bucket}/source", CopySourceRange="bytes=2-4")
    tag = copied["CopyPartResult"]["ETag"]
    s3.complete_multipart_upload(**part, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": tag}]})
    assert s3.get_object(Bucket=bucket, Key="copy")["Body"].read() == b"234"
