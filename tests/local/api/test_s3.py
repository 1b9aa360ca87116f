"""S3 through boto3: objects put, read, listed, copied, uploaded in parts; what cannot be stored is refused."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from local.client import client

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Refused = Callable[..., tuple[str, str]]
BUCKET = "data-one"


@pytest.fixture
def bucket(s3: S3Client) -> str:
    s3.create_bucket(Bucket=BUCKET)
    return BUCKET


def keys(answer: Any) -> list[str]:
    return [each["Key"] for each in answer.get("Contents", [])]


def test_an_object_comes_back_as_it_was_put(s3: S3Client, bucket: str, home: Path) -> None:
    put = s3.put_object(
        Bucket=bucket,
        Key="a folder/é+ü & <x>.txt",
        Body=b"hello",
        ContentType="text/plain",
        Metadata={"made-by": "a test"},
        CacheControl="no-cache",
    )
    got = s3.get_object(Bucket=bucket, Key="a folder/é+ü & <x>.txt")
    assert got["Body"].read() == b"hello"
    assert (got["ContentLength"], got["ContentType"], got["CacheControl"]) == (5, "text/plain", "no-cache")
    assert got["Metadata"] == {"made-by": "a test"}
    assert got["ETag"] == put["ETag"] == f'"{hashlib.md5(b"hello", usedforsecurity=False).hexdigest()}"'
    assert (home / "s3" / bucket / "a folder" / "é+ü & <x>.txt").read_bytes() == b"hello"
    head = s3.head_object(Bucket=bucket, Key="a folder/é+ü & <x>.txt")
    assert (head["ContentLength"], head["ETag"], head["LastModified"]) == (5, put["ETag"], got["LastModified"])


def test_an_object_replaced_loses_what_went_with_the_old_one(s3: S3Client, bucket: str, home: Path) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"1", ContentType="text/csv", Metadata={"a": "b"})
    s3.put_object(Bucket=bucket, Key="k", Body=b"2")
    assert s3.head_object(Bucket=bucket, Key="k")["ContentType"] == "binary/octet-stream"
    s3.put_object(Bucket=bucket, Key="k", Body=b"3", ContentType="text/csv")
    (home / "s3" / bucket / "k").write_bytes(b"by a job")
    found = s3.get_object(Bucket=bucket, Key="k")
    assert (found["Body"].read(), found["ContentType"]) == (b"by a job", "binary/octet-stream")


@pytest.mark.parametrize("body", [b"", b"x", b"line\r\nline\r\n", bytes(range(256)) * 5000], ids=len)
@pytest.mark.parametrize("stream", [False, True])
def test_bodies_of_every_kind_arrive_whole(s3: S3Client, bucket: str, body: bytes, stream: bool) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=io.BytesIO(body) if stream else body)
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == body


@pytest.mark.parametrize("algorithm", ["CRC32", "SHA1", "SHA256"])
def test_checksums_are_held_against_the_body(s3: S3Client, bucket: str, algorithm: Any, refused: Refused) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"hello", ChecksumAlgorithm=algorithm)
    wrong: Any = {f"Checksum{algorithm}": "AAAAAA=="}
    code, message = refused(s3.put_object, Bucket=bucket, Key="other", Body=b"hello", **wrong)
    assert (code, message) == (
        "BadDigest",
        f"The {algorithm} you specified did not match the calculated checksum.",
    )
    assert keys(s3.list_objects_v2(Bucket=bucket)) == ["k"]


def test_a_wrong_md5_is_refused(s3: S3Client, bucket: str, refused: Refused) -> None:
    code, _ = refused(s3.put_object, Bucket=bucket, Key="k", Body=b"hello", ContentMD5="1B2M2Y8AsgTpgAmY7PhCfg==")
    assert code == "BadDigest"


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


def test_what_is_not_there(s3: S3Client, bucket: str, refused: Refused) -> None:
    assert refused(s3.get_object, Bucket=bucket, Key="no")[0] == "NoSuchKey"
    assert refused(s3.head_object, Bucket=bucket, Key="no")[0] == "404"
    assert refused(s3.get_object, Bucket="no-such-bucket", Key="no")[0] == "NoSuchBucket"
    assert refused(s3.list_objects_v2, Bucket="no-such-bucket")[0] == "NoSuchBucket"
    assert refused(s3.head_bucket, Bucket="no-such-bucket")[0] == "404"
    assert refused(s3.copy_object, Bucket=bucket, Key="k", CopySource={"Bucket": bucket, "Key": "no"})[0] == "NoSuchKey"
    with pytest.raises(s3.exceptions.NoSuchKey):
        s3.get_object(Bucket=bucket, Key="no")


@pytest.mark.parametrize(
    "key", ["../escape", "a/../../escape", "/absolute", "a//b", "a/./b", "folder/", "..", "nul\0byte", "x" * 1025]
)
def test_keys_that_cannot_be_files_are_refused_and_write_nothing(
    s3: S3Client, bucket: str, key: str, home: Path, refused: Refused
) -> None:
    before = sorted(home.rglob("*"))
    code, message = refused(s3.put_object, Bucket=bucket, Key=key, Body=b"x")
    assert code == "InvalidArgument", message
    assert refused(s3.get_object, Bucket=bucket, Key=key)[0] == "NoSuchKey"
    assert refused(s3.create_multipart_upload, Bucket=bucket, Key=key)[0] == "InvalidArgument"
    s3.delete_object(Bucket=bucket, Key=key)
    after = [path for path in sorted(home.rglob("*")) if path.name not in ("staging", "state.db-wal", "state.db-shm")]
    assert after == [path for path in before if path.name not in ("staging", "state.db-wal", "state.db-shm")]


def test_a_part_of_a_key_too_long_for_a_file_is_refused(s3: S3Client, bucket: str, refused: Refused) -> None:
    assert refused(s3.put_object, Bucket=bucket, Key="x" * 300, Body=b"x")[0] == "KeyTooLongError"
    assert refused(s3.get_object, Bucket=bucket, Key="x" * 300)[0] == "NoSuchKey"


@pytest.mark.parametrize("name", ["..", "."])
def test_bucket_names_that_are_places_are_refused(s3: S3Client, name: str, refused: Refused) -> None:
    assert refused(s3.put_object, Bucket=name, Key="k", Body=b"x")[0] == "InvalidArgument"
    assert refused(s3.create_bucket, Bucket=name)[0] == "InvalidArgument"


def test_a_key_that_would_be_object_and_folder_is_refused(s3: S3Client, bucket: str, refused: Refused) -> None:
    s3.put_object(Bucket=bucket, Key="a", Body=b"x")
    code, message = refused(s3.put_object, Bucket=bucket, Key="a/b", Body=b"x")
    assert code == "InvalidArgument"
    assert "both an object and a folder" in message


@pytest.fixture
def filled(s3: S3Client, bucket: str) -> str:
    for key in ("B", "a-b", "a/1", "a/2", "b/c/1", "é"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"x")
    return bucket


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


def test_objects_are_deleted_one_by_one_and_together(s3: S3Client, filled: str, refused: Refused) -> None:
    s3.delete_object(Bucket=filled, Key="B")
    s3.delete_object(Bucket=filled, Key="B")
    done = s3.delete_objects(Bucket=filled, Delete={"Objects": [{"Key": "a/1"}, {"Key": "a/2"}, {"Key": "never"}]})
    assert [each["Key"] for each in done["Deleted"]] == ["a/1", "a/2", "never"]
    assert keys(s3.list_objects_v2(Bucket=filled)) == ["a-b", "b/c/1", "é"]
    assert refused(s3.delete_bucket, Bucket=filled)[0] == "BucketNotEmpty"
    quiet = s3.delete_objects(
        Bucket=filled, Delete={"Objects": [{"Key": "a-b"}, {"Key": "b/c/1"}, {"Key": "é"}], "Quiet": True}
    )
    assert not dict(quiet).get("Deleted")
    s3.delete_bucket(Bucket=filled)
    assert s3.list_buckets()["Buckets"] == []


def test_copies_keep_or_replace_what_goes_with_the_object(s3: S3Client, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="a b/+", Body=b"hello", ContentType="text/csv", Metadata={"x": "1"})
    s3.copy_object(Bucket="other-bucket", Key="kept", CopySource={"Bucket": bucket, "Key": "a b/+"})
    s3.copy_object(
        Bucket=bucket,
        Key="replaced",
        CopySource=f"{bucket}/a b/+",
        MetadataDirective="REPLACE",
        Metadata={"y": "2"},
    )
    kept, replaced = s3.get_object(Bucket="other-bucket", Key="kept"), s3.get_object(Bucket=bucket, Key="replaced")
    assert (kept["Body"].read(), kept["ContentType"], kept["Metadata"]) == (b"hello", "text/csv", {"x": "1"})
    assert (replaced["Body"].read(), replaced["ContentType"], replaced["Metadata"]) == (
        b"hello",
        "binary/octet-stream",
        {"y": "2"},
    )


def test_conditions(s3: S3Client, bucket: str, refused: Refused) -> None:
    tag = s3.put_object(Bucket=bucket, Key="k", Body=b"1", IfNoneMatch="*")["ETag"]
    assert refused(s3.put_object, Bucket=bucket, Key="k", Body=b"2", IfNoneMatch="*")[0] == "PreconditionFailed"
    assert refused(s3.put_object, Bucket=bucket, Key="k", Body=b"2", IfMatch='"other"')[0] == "PreconditionFailed"
    assert refused(s3.get_object, Bucket=bucket, Key="k", IfMatch='"other"')[0] == "PreconditionFailed"
    assert refused(s3.get_object, Bucket=bucket, Key="k", IfNoneMatch=tag)[0] == "304"
    s3.put_object(Bucket=bucket, Key="k", Body=b"2", IfMatch=tag)
    assert s3.get_object(Bucket=bucket, Key="k", IfNoneMatch=tag)["Body"].read() == b"2"


def test_of_many_who_want_a_free_key_one_gets_it(home: Path) -> None:
    client("s3", home).create_bucket(Bucket=BUCKET)
    won: list[int] = []

    def claim(number: int) -> None:
        made = client("s3", home)
        try:
            made.put_object(Bucket=BUCKET, Key="lock", Body=str(number), IfNoneMatch="*")
        except made.exceptions.ClientError:
            return
        won.append(number)

    threads = [threading.Thread(target=claim, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert client("s3", home).get_object(Bucket=BUCKET, Key="lock")["Body"].read() == str(won[0]).encode()


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


def test_threads_and_processes_share_a_home(s3: S3Client, bucket: str, home: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from local.client import client\n"
        "made = client('s3', Path(sys.argv[1]))\n"
        "for number in range(10): made.put_object(Bucket='data-one', Key=f'process/{number}', Body=str(number))"
    )
    other = subprocess.Popen([sys.executable, "-c", program, str(home)], cwd=Path(__file__).parents[3])

    def write(thread: int) -> None:
        for number in range(10):
            s3.put_object(Bucket=bucket, Key=f"{thread}/{number}", Body=f"{thread}-{number}", Metadata={"n": "1"})

    threads = [threading.Thread(target=write, args=(thread,)) for thread in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert other.wait() == 0
    found = keys(s3.list_objects_v2(Bucket=bucket))
    assert len(found) == 40
    assert s3.get_object(Bucket=bucket, Key="2/7")["Body"].read() == b"2-7"


def test_xml_with_a_document_type_is_refused(home: Path) -> None:
    made = client("s3", home)

    def poison(request: Any, **_: Any) -> None:
        request.body = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><Delete><Object><Key>&a;</Key></Object></Delete>'
        for name in ("Content-Length", "x-amz-checksum-crc32"):
            del request.headers[name]

    made.create_bucket(Bucket=BUCKET)
    made.meta.events.register_first("before-send.s3.DeleteObjects", cast(Any, poison))
    with pytest.raises(made.exceptions.ClientError) as caught:
        made.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": "k"}]})
    assert caught.value.response["Error"]["Code"] == "MalformedXML"
