"""Uploads in parts: each part a file of its own until all are there, then one object."""

from __future__ import annotations

import hashlib
import itertools
import json
import re
import secrets
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from local.api.call import Call, Response
from local.api.errors import ServiceError
from local.api.s3 import access, reading, writing
from local.store.store import Store

_ID = re.compile(r"[0-9a-f]{32}")
MAX_PARTS = 10_000
MIN_PART_BYTES = 5 << 20
CHUNK = 1 << 20
PAGE = 1000


def create_multipart_upload(call: Call) -> Response:
    """Open an upload."""
    bucket, key = call.params["Bucket"], call.params["Key"]
    with access.storing():
        call.store.objects.path(bucket, key)
    upload = secrets.token_hex(16)
    folder = _uploads(call.store) / upload
    folder.mkdir(parents=True)
    record = {"bucket": bucket, "key": key, "kept": access.kept(call.params)}
    (folder / "upload.json").write_text(json.dumps(record), encoding="utf-8")
    return {"Bucket": bucket, "Key": key, "UploadId": upload}


def upload_part(call: Call) -> Response:
    """Store one part; the same number again replaces it."""
    folder = _open(call)
    return {"ETag": f'"{_store_part(call, folder, call.params["Body"])}"'}


def upload_part_copy(call: Call) -> Response:
    """Store one part with bytes of another object."""
    folder = _open(call)
    bucket, key = writing.copy_source(call.params)
    path = access.find(call.store, bucket, key)
    with path.open("rb") as file:
        start, length = reading.byte_range(call.params.get("CopySourceRange"), path.stat().st_size)
        tag = _store_part(call, folder, reading.Slice(file, start, length))
    return {"CopyPartResult": {"ETag": f'"{tag}"', "LastModified": call.now}}


def complete_multipart_upload(call: Call) -> Response:
    """Make one object of the parts that the request lists, in their order."""
    folder = _open(call)
    record = _record(folder)
    parts = _chosen(folder, call.params.get("MultipartUpload", {}).get("Parts", []))
    digests = b"".join(bytes.fromhex(part.name.partition(".")[2]) for part in parts)
    tag = f"{hashlib.md5(digests, usedforsecurity=False).hexdigest()}-{len(parts)}"
    with access.storing(), _Joined(parts) as content:
        call.store.objects.put(record["bucket"], record["key"], content)
        access.remember(call.store, record["bucket"], record["key"], {**record["kept"], "ETag": tag}, call.now)
    shutil.rmtree(folder, ignore_errors=True)
    return {
        "Location": f"/{record['bucket']}/{record['key']}",
        "Bucket": record["bucket"],
        "Key": record["key"],
        "ETag": f'"{tag}"',
    }


def abort_multipart_upload(call: Call) -> Response:
    """Forget an upload and its parts."""
    shutil.rmtree(_open(call), ignore_errors=True)
    return {}


def list_parts(call: Call) -> Response:
    """Return the parts that an upload has so far."""
    folder = _open(call)
    after = int(call.params.get("PartNumberMarker", 0))
    limit = min(call.params.get("MaxParts", PAGE), PAGE)
    parts = [part for part in _parts(folder) if _number(part) > after]
    shown = parts[:limit]
    return {
        "Bucket": call.params["Bucket"],
        "Key": call.params["Key"],
        "UploadId": call.params["UploadId"],
        "PartNumberMarker": after,
        "MaxParts": limit,
        "IsTruncated": len(parts) > limit,
        **({"NextPartNumberMarker": _number(shown[-1])} if shown else {}),
        "Parts": [
            {
                "PartNumber": _number(part),
                "ETag": f'"{part.name.partition(".")[2]}"',
                "Size": part.stat().st_size,
                "LastModified": part.stat().st_mtime,
            }
            for part in shown
        ],
    }


def list_multipart_uploads(call: Call) -> Response:
    """Return a bucket's open uploads."""
    bucket = call.params["Bucket"]
    found = []
    for folder in sorted(_uploads(call.store).glob("*")):
        record = _record(folder)
        if record.get("bucket") == bucket and record["key"].startswith(call.params.get("Prefix", "")):
            found.append({"UploadId": folder.name, "Key": record["key"], "Initiated": folder.stat().st_mtime})
    return {"Bucket": bucket, "IsTruncated": False, "Uploads": sorted(found, key=lambda each: str(each["Key"]))}


def _uploads(store: Store) -> Path:
    return store.objects.staging / "uploads"


def _open(call: Call) -> Path:
    """Return the folder of the upload that a request names, where it is one for that bucket and key."""
    upload = str(call.params["UploadId"])
    folder = _uploads(call.store) / upload if _ID.fullmatch(upload) else None
    record = _record(folder) if folder is not None else {}
    if folder is None or (record.get("bucket"), record.get("key")) != (call.params["Bucket"], call.params["Key"]):
        raise ServiceError("NoSuchUpload", "The specified upload does not exist.", status=404)
    return folder


def _record(folder: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((folder / "upload.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found


def _store_part(call: Call, folder: Path, body: Any) -> str:
    """Write a part as `NUMBER.MD5`, in one rename, and return its MD5."""
    number = call.params["PartNumber"]
    if not 1 <= number <= MAX_PARTS:
        raise ServiceError("InvalidArgument", f"Part number must be an integer between 1 and {MAX_PARTS}.")
    staged = folder / f"writing-{secrets.token_hex(8)}"
    digest = hashlib.md5(usedforsecurity=False)
    try:
        with staged.open("wb") as file:
            while data := body.read(CHUNK):
                digest.update(data)
                file.write(data)
        tag = digest.hexdigest()
        final = folder / f"{number:05d}.{tag}"
        staged.replace(final)
    finally:
        staged.unlink(missing_ok=True)
    for other in folder.glob(f"{number:05d}.*"):
        if other != final:
            other.unlink(missing_ok=True)
    return tag


def _parts(folder: Path) -> list[Path]:
    return sorted(folder.glob("[0-9][0-9][0-9][0-9][0-9].*"))


def _number(part: Path) -> int:
    return int(part.name.partition(".")[0])


def _chosen(folder: Path, listed: Sequence[dict[str, Any]]) -> list[Path]:
    if not listed:
        raise ServiceError("MalformedXML", "The request lists no parts.")
    numbers = [each.get("PartNumber", 0) for each in listed]
    if any(later <= earlier for earlier, later in itertools.pairwise(numbers)):
        raise ServiceError("InvalidPartOrder", "The list of parts was not in ascending order.")
    there = {_number(part): part for part in _parts(folder)}
    chosen = []
    for each in listed:
        part = there.get(each.get("PartNumber", 0))
        if part is None or part.name.partition(".")[2] != each.get("ETag", "").strip('"'):
            raise ServiceError("InvalidPart", f"Part {each.get('PartNumber')} was not uploaded with that ETag.")
        chosen.append(part)
    if any(part.stat().st_size < MIN_PART_BYTES for part in chosen[:-1]):
        raise ServiceError("EntityTooSmall", "Every part but the last must hold at least 5 MiB.")
    return chosen


class _Joined:
    """Several files read as one."""

    def __init__(self, parts: Sequence[Path]) -> None:
        self._pieces = self._read(parts)

    @staticmethod
    def _read(parts: Sequence[Path]) -> Iterator[bytes]:
        for part in parts:
            with part.open("rb") as file:
                while data := file.read(CHUNK):
                    yield data

    def read(self, size: int = -1) -> bytes:  # noqa: ARG002 - pieces have their own size, as copyfileobj allows
        return next(self._pieces, b"")

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        self._pieces.close()  # type: ignore[attr-defined]


OPERATIONS = {
    "AbortMultipartUpload": abort_multipart_upload,
    "CompleteMultipartUpload": complete_multipart_upload,
    "CreateMultipartUpload": create_multipart_upload,
    "ListMultipartUploads": list_multipart_uploads,
    "ListParts": list_parts,
    "UploadPart": upload_part,
    "UploadPartCopy": upload_part_copy,
}
