"""Objects reached safely: the store's refusals in S3's words, and what S3 keeps beside an object's bytes."""

from __future__ import annotations

import errno
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from local.api.errors import ServiceError
from local.store.objects import ObjectError
from local.store.store import Store

# Kept as a resource where there is something to keep: most objects are bytes and nothing else.
KIND = "Object"
# What a request gives and a read gives back.
KEPT = ("ContentType", "ContentEncoding", "ContentDisposition", "ContentLanguage", "CacheControl", "Metadata")
DEFAULT_TYPE = "binary/octet-stream"


def no_such_key(key: str) -> ServiceError:
    """Return S3's word for an object that is not there."""
    return ServiceError("NoSuchKey", f"The specified key does not exist: {key}", status=404)


def no_such_bucket(bucket: str) -> ServiceError:
    """Return S3's word for a bucket that is not there."""
    return ServiceError("NoSuchBucket", f"The specified bucket does not exist: {bucket}", status=404)


def bucket_folder(store: Store, bucket: str) -> Path:
    """Return the folder of a bucket that exists."""
    with storing():
        folder = store.objects.path(bucket, "x").parent
    if not folder.is_dir():
        raise no_such_bucket(bucket)
    return folder


def find(store: Store, bucket: str, key: str) -> Path:
    """Return the file of an object that exists; NoSuchKey too for keys that no object here can have."""
    bucket_folder(store, bucket)
    try:
        path = store.objects.path(bucket, key)
        if path.is_file():
            return path
    except (ObjectError, OSError):
        pass
    raise no_such_key(key)


@contextmanager
def reading(key: str) -> Iterator[None]:
    """Turn the absence of a file, deleted between two looks at it, into S3's word for that."""
    try:
        yield
    except FileNotFoundError:
        raise no_such_key(key) from None


@contextmanager
def storing() -> Iterator[None]:
    """Turn what the store or the file system refuses into errors of S3."""
    try:
        yield
    except ObjectError as error:
        raise ServiceError("InvalidArgument", str(error)) from None
    except OSError as error:
        if error.errno != errno.ENAMETOOLONG:
            raise
        raise ServiceError("KeyTooLongError", "A part of the key is longer than a file's name can be here.") from None


def kept(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members of a request that are kept with its object; the framing of its body is not one of them."""
    found = {name: params[name] for name in KEPT if params.get(name)}
    codings = [each.strip() for each in found.pop("ContentEncoding", "").split(",")]
    encoding = ",".join(each for each in codings if each and each != "aws-chunked")
    return {**found, **({"ContentEncoding": encoding} if encoding else {})}


def remember(store: Store, bucket: str, key: str, extra: Mapping[str, Any], now: float) -> None:
    """Keep what goes with an object, or forget what an earlier object under its key had."""
    name = f"{bucket}/{key}"
    if not extra:
        if store.resources.get(KIND, name) is not None:
            store.resources.delete(KIND, name)
        return
    status = store.objects.path(bucket, key).stat()
    body = {**extra, "Size": status.st_size, "ModifiedNs": status.st_mtime_ns}
    store.resources.put(KIND, name, f"arn:aws:s3:::{name}", body, now=now)


def recall(store: Store, bucket: str, key: str, path: Path) -> dict[str, Any]:
    """Return what goes with an object, unless its file was replaced by someone who did not ask S3."""
    found = store.resources.get(KIND, f"{bucket}/{key}")
    if found is None:
        return {}
    status = path.stat()
    same = found.body.get("Size") == status.st_size and found.body.get("ModifiedNs") == status.st_mtime_ns
    return {name: value for name, value in found.body.items() if name not in ("Size", "ModifiedNs")} if same else {}


def etag(store: Store, bucket: str, key: str, extra: Mapping[str, Any]) -> str:
    """Return an object's ETag in quotes, as it travels; an upload in parts has kept its own."""
    return f'"{extra.get("ETag") or store.objects.etag(bucket, key)}"'
