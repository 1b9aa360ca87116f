"""Keys listed by prefix, folded at a delimiter, in pages."""

from __future__ import annotations

import base64
import binascii
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from local.api.call import Call, Response
from local.api.errors import ServiceError
from local.api.s3 import access
from local.store.objects import ObjectInfo

MAX_KEYS = 1000


@dataclass(frozen=True)
class Entry:
    """One line of a listing: an object, or all keys that begin alike up to a delimiter (then `info` is None)."""

    name: str
    info: ObjectInfo | None


def list_objects_v2(call: Call) -> Response:
    """Return a page of keys; the token is where the next one starts."""
    params = call.params
    start = params.get("StartAfter", "")
    if params.get("ContinuationToken"):
        start = _read(params["ContinuationToken"])
    entries, more = _page(call, start)
    encode = _encoder(params)
    response = {
        **_common(call, entries, more),
        "KeyCount": len(entries),
        **{name: encode(params[name]) for name in ("Delimiter", "StartAfter") if name in params},
    }
    if "ContinuationToken" in params:
        response["ContinuationToken"] = params["ContinuationToken"]
    if more:
        response["NextContinuationToken"] = _write(entries[-1].name)
    return response


def list_objects(call: Call) -> Response:
    """Return a page of keys in the older way: the next one starts after a marker."""
    params = call.params
    entries, more = _page(call, params.get("Marker", ""))
    encode = _encoder(params)
    response = {**_common(call, entries, more), "Marker": encode(params.get("Marker", ""))}
    if "Delimiter" in params:
        response["Delimiter"] = encode(params["Delimiter"])
        if more:
            response["NextMarker"] = encode(entries[-1].name)
    return response


def _page(call: Call, start: str) -> tuple[list[Entry], bool]:
    params = call.params
    access.bucket_folder(call.store, params["Bucket"])
    limit = max(0, min(params.get("MaxKeys", MAX_KEYS), MAX_KEYS))
    page: list[Entry] = []
    for entry in _entries(call, start):
        if len(page) == limit:
            return page, limit > 0
        page.append(entry)
    return page, False


def _entries(call: Call, start: str) -> Iterator[Entry]:
    params = call.params
    prefix, delimiter = params.get("Prefix", ""), params.get("Delimiter", "")
    last = ""
    for info in call.store.objects.list(params["Bucket"], prefix):
        name, folded = info.key, False
        if delimiter:
            cut = info.key.find(delimiter, len(prefix))
            if cut >= 0:
                name, folded = info.key[: cut + len(delimiter)], True
        if name.encode() <= start.encode() or (folded and name == last):
            continue
        last = name
        yield Entry(name, None if folded else info)


def _common(call: Call, entries: list[Entry], more: bool) -> dict[str, Any]:
    params = call.params
    encode = _encoder(params)
    return {
        "Name": params["Bucket"],
        "Prefix": encode(params.get("Prefix", "")),
        "MaxKeys": params.get("MaxKeys", MAX_KEYS),
        "IsTruncated": more,
        **({"EncodingType": params["EncodingType"]} if "EncodingType" in params else {}),
        "Contents": list(_objects(call, entries)),
        "CommonPrefixes": [{"Prefix": encode(entry.name)} for entry in entries if entry.info is None],
    }


def _objects(call: Call, entries: list[Entry]) -> Iterator[dict[str, Any]]:
    bucket, encode = call.params["Bucket"], _encoder(call.params)
    for info in (entry.info for entry in entries if entry.info is not None):
        # What was deleted since its key was read is not listed.
        with contextlib.suppress(FileNotFoundError):
            extra = access.recall(call.store, bucket, info.key, call.store.objects.path(bucket, info.key))
            yield {
                "Key": encode(info.key),
                "LastModified": info.modified,
                "ETag": access.etag(call.store, bucket, info.key, extra),
                "Size": info.size,
                "StorageClass": "STANDARD",
            }


def _encoder(params: Any) -> Any:
    """Return what writes a key: XML cannot hold every character, so clients ask for the encoding of URLs."""
    return quote if params.get("EncodingType") == "url" else str


def _write(name: str) -> str:
    return base64.urlsafe_b64encode(name.encode()).decode("ascii")


def _read(token: str) -> str:
    try:
        return base64.b64decode(token.encode(), altchars=b"-_", validate=True).decode()
    except (ValueError, binascii.Error):
        raise ServiceError("InvalidArgument", "The continuation token provided is incorrect.") from None


OPERATIONS = {"ListObjects": list_objects, "ListObjectsV2": list_objects_v2}
