"""Objects written, copied and deleted."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import IO, Any, cast
from urllib.parse import unquote

from local.api.call import Call, Response
from local.api.errors import ServiceError
from local.api.protocols.body import PayloadReader
from local.api.s3 import access

MAX_DELETED = 1000


def put_object(call: Call) -> Response:
    """Store an object; its checksums are held against its bytes before it appears."""
    params = call.params
    body = params["Body"]
    with access.storing():
        if "IfNoneMatch" in params or "IfMatch" in params:
            # Under the database's write lock: of several who ask for a key that is free, one gets it.
            content = io.BytesIO(body.read())
            with call.store.database.transaction():
                _hold_conditions(call)
                _put(call, content)
        else:
            _put(call, cast(IO[bytes], body))
    return {"ETag": f'"{cast(PayloadReader, body).etag.digest().hex()}"'}


def copy_object(call: Call) -> Response:
    """Store a copy of another object."""
    params = call.params
    bucket, key = copy_source(params)
    path = access.find(call.store, bucket, key)
    with access.reading(key):
        extra = access.recall(call.store, bucket, key, path)
    if params.get("MetadataDirective") == "REPLACE":
        extra = {name: value for name, value in extra.items() if name == "ETag"} | access.kept(params)
    with access.storing(), access.reading(key), path.open("rb") as content:
        call.store.objects.put(params["Bucket"], params["Key"], content)
        access.remember(call.store, params["Bucket"], params["Key"], extra, call.now)
    copied = access.find(call.store, params["Bucket"], params["Key"])
    tag = access.etag(call.store, params["Bucket"], params["Key"], extra)
    return {"CopyObjectResult": {"ETag": tag, "LastModified": copied.stat().st_mtime}}


def delete_object(call: Call) -> Response:
    """Remove an object; one that is not there is no mistake."""
    _delete(call, call.params["Key"])
    return {}


def delete_objects(call: Call) -> Response:
    """Remove up to a thousand objects, and say what became of each."""
    wanted = call.params.get("Delete", {})
    keys = [each["Key"] for each in wanted.get("Objects", []) if each.get("Key")]
    if not keys or len(keys) > MAX_DELETED:
        raise ServiceError("MalformedXML", f"Name from 1 to {MAX_DELETED} keys to delete.")
    for key in keys:
        _delete(call, key)
    return {} if wanted.get("Quiet") else {"Deleted": [{"Key": key} for key in keys]}


def copy_source(params: Mapping[str, Any]) -> tuple[str, str]:
    """Return bucket and key of the object that a copy starts from."""
    source = unquote(params["CopySource"].partition("?versionId=")[0]).lstrip("/")
    bucket, _, key = source.partition("/")
    if not bucket or not key:
        raise ServiceError("InvalidArgument", "Copy Source must mention the source bucket and key: bucket/key")
    return bucket, key


def _put(call: Call, content: IO[bytes]) -> None:
    bucket, key = call.params["Bucket"], call.params["Key"]
    call.store.objects.put(bucket, key, content)
    access.remember(call.store, bucket, key, access.kept(call.params), call.now)


def _hold_conditions(call: Call) -> None:
    bucket, key = call.params["Bucket"], call.params["Key"]
    there = call.store.objects.exists(bucket, key)
    if "IfMatch" in call.params:
        if not there:
            raise access.no_such_key(key)
        path = call.store.objects.path(bucket, key)
        tag = access.etag(call.store, bucket, key, access.recall(call.store, bucket, key, path))
        failed = call.params["IfMatch"].strip('"') not in (tag.strip('"'), "*")
    else:
        failed = there
    if failed:
        raise ServiceError("PreconditionFailed", "At least one of the pre-conditions did not hold.", status=412)


def _delete(call: Call, key: str) -> None:
    bucket = call.params["Bucket"]
    try:
        access.find(call.store, bucket, key)
    except ServiceError as error:
        if error.code != "NoSuchKey":
            raise
        return
    call.store.objects.delete(bucket, key)
    call.store.resources.delete(access.KIND, f"{bucket}/{key}")


OPERATIONS = {
    "CopyObject": copy_object,
    "DeleteObject": delete_object,
    "DeleteObjects": delete_objects,
    "PutObject": put_object,
}
