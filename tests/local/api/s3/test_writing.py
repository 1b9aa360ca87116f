"""Objects put, copied and deleted through boto3; what cannot be stored is refused and writes nothing."""

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
from local.store.store import Store
from tests.local.api.s3.listed import BUCKET, keys

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Refused = Callable[..., tuple[str, str]]


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


def test_an_encoding_is_kept_and_the_framing_of_the_body_is_not(s3: S3Client, bucket: str, store: Store) -> None:
    s3.put_object(Bucket=bucket, Key="plain", Body=b"x")
    s3.put_object(Bucket=bucket, Key="packed", Body=b"x", ContentEncoding="gzip")
    assert "ContentEncoding" not in s3.head_object(Bucket=bucket, Key="plain")
    assert s3.head_object(Bucket=bucket, Key="packed")["ContentEncoding"] == "gzip"
    assert [each.name for each in store.resources.list("Object")] == [f"{bucket}/packed"]


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


def test_threads_and_processes_share_a_home(s3: S3Client, bucket: str, home: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from local.client import client\n"
        "made = client('s3', Path(sys.argv[1]))\n"
        "for number in range(10): made.put_object(Bucket='data-one', Key=f'process/{number}', Body=str(number))"
    )
    other = subprocess.Popen([sys.executable, "-c", program, str(home)], cwd=Path(__file__).parents[4])

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
