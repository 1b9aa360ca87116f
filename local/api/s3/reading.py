"""Objects read: whole or in part, or only their description."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import IO, Any

from local.api.call import Call, Response
from local.api.errors import ServiceError
from local.api.s3 import access

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


class Slice(io.RawIOBase):
    """Some of a file's bytes; reading past them gives nothing."""

    def __init__(self, file: IO[bytes], start: int, length: int) -> None:
        self._file = file
        self._left = length
        file.seek(start)

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer with what is left."""
        wanted = min(len(buffer), self._left)
        data = self._file.read(wanted)
        buffer[: len(data)] = data
        self._left -= len(data)
        return len(data)

    def close(self) -> None:
        """Close the file too."""
        self._file.close()
        super().close()


def head_object(call: Call) -> Response:
    """Return an object's description."""
    path = access.find(call.store, call.params["Bucket"], call.params["Key"])
    with access.reading(call.params["Key"]):
        described = _describe(call, path)
        size = path.stat().st_size
    _hold_conditions(call, described)
    return {**described, "ContentLength": size}


def get_object(call: Call) -> Response:
    """Return an object's bytes, all or those of a range."""
    path = access.find(call.store, call.params["Bucket"], call.params["Key"])
    with access.reading(call.params["Key"]):
        described = _describe(call, path)
        # Open before measuring: the file under this key may be replaced at any time, an open one stays what it is.
        file = path.open("rb")
    try:
        _hold_conditions(call, described)
        size = file.seek(0, io.SEEK_END)
        start, length = byte_range(call.params.get("Range"), size)
    except BaseException:
        file.close()
        raise
    part = {"ContentRange": f"bytes {start}-{start + length - 1}/{size}"} if (start, length) != (0, size) else {}
    return {**described, **part, "ContentLength": length, "Body": Slice(file, start, length)}


def _describe(call: Call, path: Path) -> dict[str, Any]:
    bucket, key = call.params["Bucket"], call.params["Key"]
    extra = access.recall(call.store, bucket, key, path)
    return {
        "ContentType": access.DEFAULT_TYPE,
        **{name: extra[name] for name in access.KEPT if name in extra},
        "ETag": access.etag(call.store, bucket, key, extra),
        "LastModified": path.stat().st_mtime,
        "AcceptRanges": "bytes",
    }


def _hold_conditions(call: Call, described: dict[str, Any]) -> None:
    params = call.params
    tag, modified = described["ETag"].strip('"'), int(described["LastModified"])
    if "IfMatch" in params:
        failed = params["IfMatch"].strip('"') not in (tag, "*")
    else:
        failed = "IfUnmodifiedSince" in params and modified > params["IfUnmodifiedSince"]
    if failed:
        raise ServiceError("PreconditionFailed", "At least one of the pre-conditions did not hold.", status=412)
    if "IfNoneMatch" in params:
        unchanged = params["IfNoneMatch"].strip('"') in (tag, "*")
    else:
        unchanged = "IfModifiedSince" in params and modified <= params["IfModifiedSince"]
    if unchanged:
        raise ServiceError("304", "Not Modified", status=304)


def byte_range(asked: str | None, size: int) -> tuple[int, int]:
    """Return start and length of what a Range header asks for; one that is not understood asks for everything."""
    match = _RANGE.fullmatch(asked or "")
    if match is None or match.groups() == ("", ""):
        return 0, size
    first, last = match.groups()
    start = int(first) if first else max(0, size - int(last))
    end = min(int(last), size - 1) if first and last else size - 1
    if start >= size or (last and not first and int(last) == 0):
        raise ServiceError("InvalidRange", "The requested range is not satisfiable", status=416)
    if end < start:
        return 0, size
    return start, end - start + 1


OPERATIONS = {"GetObject": get_object, "HeadObject": head_object}
