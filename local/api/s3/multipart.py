"""Uploads in parts: opened, filled and made one object."""

from __future__ import annotations

import hashlib
from typing import IO, cast

from local.api.call import Call, Response
from local.api.s3 import access, reading, uploads, writing
from local.api.s3.uploads import Upload

PAGE = 1000


def create_multipart_upload(call: Call) -> Response:
    """Open an upload."""
    bucket, key = call.params["Bucket"], call.params["Key"]
    with access.storing():
        call.store.objects.path(bucket, key)
    upload = uploads.create(call.store, bucket, key, access.kept(call.params))
    return {"Bucket": bucket, "Key": key, "UploadId": upload.id}


def upload_part(call: Call) -> Response:
    """Store one part; the same number again replaces it."""
    part = _upload(call).store(call.params["PartNumber"], call.params["Body"])
    return {"ETag": f'"{part.md5}"'}


def upload_part_copy(call: Call) -> Response:
    """Store one part with bytes of another object."""
    upload = _upload(call)
    bucket, key = writing.copy_source(call.params)
    path = access.find(call.store, bucket, key)
    with access.reading(key), path.open("rb") as file:
        start, length = reading.byte_range(call.params.get("CopySourceRange"), path.stat().st_size)
        part = upload.store(call.params["PartNumber"], reading.Slice(file, start, length))
    return {"CopyPartResult": {"ETag": f'"{part.md5}"', "LastModified": call.now}}


def complete_multipart_upload(call: Call) -> Response:
    """Make one object of the parts that the request lists, in their order."""
    upload = _upload(call)
    parts = upload.choose(call.params.get("MultipartUpload", {}).get("Parts", []))
    digests = b"".join(bytes.fromhex(part.md5) for part in parts)
    tag = f"{hashlib.md5(digests, usedforsecurity=False).hexdigest()}-{len(parts)}"
    with access.storing():
        call.store.objects.put(upload.bucket, upload.key, cast(IO[bytes], uploads.Joined(parts)))
        access.remember(call.store, upload.bucket, upload.key, {**upload.kept, "ETag": tag}, call.now)
    upload.close()
    return {
        "Location": f"/{upload.bucket}/{upload.key}",
        "Bucket": upload.bucket,
        "Key": upload.key,
        "ETag": f'"{tag}"',
    }


def abort_multipart_upload(call: Call) -> Response:
    """Forget an upload and its parts."""
    _upload(call).close()
    return {}


def list_parts(call: Call) -> Response:
    """Return the parts that an upload has so far."""
    upload = _upload(call)
    after = int(call.params.get("PartNumberMarker", 0))
    limit = min(call.params.get("MaxParts", PAGE), PAGE)
    parts = [part for part in upload.parts() if part.number > after]
    listed = []
    for part in parts[:limit]:
        status = part.path.stat()
        listed.append(
            {
                "PartNumber": part.number,
                "ETag": f'"{part.md5}"',
                "Size": status.st_size,
                "LastModified": status.st_mtime,
            }
        )
    return {
        "Bucket": upload.bucket,
        "Key": upload.key,
        "UploadId": upload.id,
        "PartNumberMarker": after,
        "MaxParts": limit,
        "IsTruncated": len(parts) > limit,
        **({"NextPartNumberMarker": listed[-1]["PartNumber"]} if listed else {}),
        "Parts": listed,
    }


def list_multipart_uploads(call: Call) -> Response:
    """Return a bucket's open uploads."""
    bucket, prefix = call.params["Bucket"], call.params.get("Prefix", "")
    found = [upload for upload in uploads.every(call.store, bucket) if upload.key.startswith(prefix)]
    return {
        "Bucket": bucket,
        "IsTruncated": False,
        "Uploads": [
            {"UploadId": upload.id, "Key": upload.key, "Initiated": upload.folder.stat().st_mtime} for upload in found
        ],
    }


def _upload(call: Call) -> Upload:
    return uploads.find(call.store, call.params["UploadId"], call.params["Bucket"], call.params["Key"])


OPERATIONS = {
    "AbortMultipartUpload": abort_multipart_upload,
    "CompleteMultipartUpload": complete_multipart_upload,
    "CreateMultipartUpload": create_multipart_upload,
    "ListMultipartUploads": list_multipart_uploads,
    "ListParts": list_parts,
    "UploadPart": upload_part,
    "UploadPartCopy": upload_part_copy,
}
