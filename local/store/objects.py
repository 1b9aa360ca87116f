"""Objects as files: `s3://BUCKET/KEY` is the file `BUCKET/KEY`. An object appears whole or not at all."""

from __future__ import annotations

import builtins
import contextlib
import errno
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from local.store.digests import Digests
from local.store.trees import flush, regular_files, sweep

CHUNK = 1 << 20
MAX_KEY_BYTES = 1024
# What a rename says where a key would be both an object and a folder.
_BLOCKED = (errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENOTEMPTY)


class ObjectError(Exception):
    """An object cannot be stored or found; the message says which and why."""


@dataclass(frozen=True)
class ObjectInfo:
    """What a listing says of an object: key, size in bytes, time of the last change (seconds since 1970)."""

    key: str
    size: int
    modified: float


def split_uri(uri: str) -> tuple[str, str]:
    """Split `s3://bucket/key` into its bucket and its key (empty where there is none)."""
    scheme, _, rest = uri.partition("://")
    bucket, _, key = rest.partition("/")
    if scheme != "s3" or not bucket:
        message = f"{uri!r} is not an S3 address: write s3://BUCKET/KEY."
        raise ObjectError(message)
    return bucket, key


def _key_bytes(key: str) -> int:
    try:
        return len(key.encode())
    except UnicodeEncodeError:
        return MAX_KEY_BYTES + 1


_HOSTED = re.compile(r"https://(?P<bucket>[a-z0-9][a-z0-9.-]+)\.s3[.-](?:[a-z0-9-]+\.)?amazonaws\.com/(?P<key>.+)")
_PATHED = re.compile(r"https://s3[.-](?:[a-z0-9-]+\.)?amazonaws\.com/(?P<bucket>[^/]+)/(?P<key>.+)")


def s3_uri(address: str) -> str:
    """Return `s3://bucket/key` for the https address of an object on S3, which models' data may have; others as is."""
    match = _PATHED.fullmatch(address) or _HOSTED.fullmatch(address)
    return f"s3://{match['bucket']}/{match['key']}" if match else address


class ObjectStore:
    """The buckets below one folder. Any bucket name is accepted: it comes into being with its first object."""

    def __init__(self, root: Path, staging: Path, digests: Digests) -> None:
        self.root = root
        self.staging = staging
        self.digests = digests

    def path(self, bucket: str, key: str) -> Path:
        """Return the file that holds an object; refuses keys that would leave the bucket's folder."""
        parts = key.split("/")
        if bucket in ("", ".", "..") or "/" in bucket or "\0" in bucket + key:
            message = f"{bucket!r} is not a bucket name."
            raise ObjectError(message)
        if not key or any(part in ("", ".", "..") for part in parts) or _key_bytes(key) > MAX_KEY_BYTES:
            message = (
                f"The key {key!r} cannot be stored on the laptop: keys are paths here, without empty, '.' or '..' "
                f"parts, up to {MAX_KEY_BYTES} bytes."
            )
            raise ObjectError(message)
        return self.root.joinpath(bucket, *parts)

    def buckets(self) -> list[str]:
        """Return the names of all buckets, sorted."""
        if not self.root.is_dir():
            return []
        return sorted(entry.name for entry in self.root.iterdir() if entry.is_dir())

    def create_bucket(self, bucket: str) -> None:
        """Make a bucket; one that is there already is left as it is."""
        self.path(bucket, "x").parent.mkdir(parents=True, exist_ok=True)

    def put(self, bucket: str, key: str, content: bytes | IO[bytes], *, durable: bool = True) -> Path:
        """Store an object under its key in one rename; returns its file.

        The content is flushed to disk first, so that even a power cut leaves the whole object or none. `durable=False`
        saves that for what is rewritten often and can be made again from the database.
        """
        target = self.path(bucket, key)
        with self._staged() as (handle, name):
            if isinstance(content, bytes):
                handle.write(content)
            else:
                shutil.copyfileobj(content, handle, CHUNK)
            handle.flush()
            if durable:
                os.fsync(handle.fileno())
        self._into_place(name, target)
        return target

    def adopt_tree(self, bucket: str, prefix: str, folder: Path) -> builtins.list[str]:
        """Take over a finished folder's regular files as the objects below a prefix; returns their keys, sorted.

        Where nothing stands below the prefix yet, all of them appear in one rename. Empty folders and links are left
        out: a bucket has neither.
        """
        clean = prefix.strip("/")
        names = regular_files(folder)
        keys = [f"{clean}/{name}" if clean else name for name in names]
        targets = [self.path(bucket, key) for key in keys]
        if not keys:
            return []
        sweep(folder, set(names))
        for name in names:
            flush(folder / name)
        whole = self.root.joinpath(bucket, *clean.split("/")) if clean else None
        if whole is not None and not whole.exists():
            self._into_place(folder, whole)
        else:
            for name, target in zip(names, targets, strict=True):
                self._into_place(folder / name, target)
        return keys

    def adopt(self, bucket: str, key: str, source: Path) -> Path:
        """Take over a finished file (it is moved, not copied) as an object; returns its new path."""
        target = self.path(bucket, key)
        flush(source)
        self._into_place(source, target)
        return target

    def open(self, bucket: str, key: str) -> IO[bytes]:
        """Open an object for reading; ObjectError where there is none."""
        try:
            return self.path(bucket, key).open("rb")
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            message = f"There is no object s3://{bucket}/{key}."
            raise ObjectError(message) from None

    def exists(self, bucket: str, key: str) -> bool:
        """Say whether there is an object under exactly that key."""
        return self.path(bucket, key).is_file()

    def info(self, bucket: str, key: str) -> ObjectInfo | None:
        """Return size and time of an object, None where there is none."""
        path = self.path(bucket, key)
        if not path.is_file():
            return None
        status = path.stat()
        return ObjectInfo(key, status.st_size, status.st_mtime)

    def list(self, bucket: str, prefix: str = "") -> Iterator[ObjectInfo]:
        """Yield the objects whose keys start with `prefix`, in the byte order of their keys as S3 does."""
        base = self.path(bucket, "x").parent
        if any(part in (".", "..") for part in prefix.split("/")):
            return
        # Only the folder that the prefix names can hold matches: a run's outputs are not a walk of the whole bucket.
        folder = base.joinpath(*prefix.split("/")[:-1]) if "/" in prefix else base
        keys = [
            (Path(parent) / name).relative_to(base).as_posix() for parent, _, names in os.walk(folder) for name in names
        ]
        for key in sorted((key for key in keys if key.startswith(prefix)), key=str.encode):
            found = self.info(bucket, key)
            if found is not None:
                yield found

    def delete(self, bucket: str, key: str) -> None:
        """Remove an object and the folders that it leaves empty; one that is not there is no mistake."""
        path = self.path(bucket, key)
        # Where a part of the key is an object, or the whole key a folder, there is no such object.
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            if not path.is_dir():
                path.unlink()
        for folder in path.parents:
            if folder == self.root / bucket or folder == self.root:
                break
            try:
                folder.rmdir()
            except OSError:
                break

    def select(self, uri: str) -> builtins.list[tuple[str, ObjectInfo]]:
        """Return what an input's URI names, each object with its path below the folder that receives it.

        That is one object under its own name, or all below a folder, or else all whose keys start with the text, as
        the service matches prefixes.
        """
        bucket, key = split_uri(uri)
        if key and not key.endswith("/"):
            found = self.info(bucket, key)
            if found is not None:
                return [(key.rpartition("/")[2], found)]
        folder = f"{key.rstrip('/')}/" if key else ""
        below = [(info.key[len(folder) :], info) for info in self.list(bucket, folder)]
        if below or not key or key.endswith("/"):
            return below
        parent = key.rpartition("/")[0]
        start = len(parent) + 1 if parent else 0
        return [(info.key[start:], info) for info in self.list(bucket, key)]

    def digest(self, uri: str) -> str | None:
        """Return the SHA-256 of one object or of all that a prefix names; None where there is nothing."""
        bucket, key = split_uri(uri)
        if key and not key.endswith("/") and self.exists(bucket, key):
            return self.digests.sha256(self.path(bucket, key))
        found = [(name, self.digests.sha256(self.path(bucket, info.key))) for name, info in self.select(uri)]
        return self.digests.combine(found) if found else None

    def etag(self, bucket: str, key: str) -> str:
        """Return an object's ETag: its MD5, as S3 gives it for objects stored in one part."""
        return self.digests.md5(self.path(bucket, key))

    def _staged(self) -> _Staged:
        return _Staged(self.staging)

    @staticmethod
    def _into_place(source: Path, target: Path) -> None:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            source.replace(target)
        except OSError as error:
            if error.errno not in _BLOCKED:
                raise
            if source.is_file():
                source.unlink()
            message = (
                f"The object {target.name} cannot be stored: keys are paths on the laptop, and one of them would be "
                f"both an object and a folder ({target})."
            )
            raise ObjectError(message) from error


class _Staged:
    """A file in the staging folder, removed again where writing it fails."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=folder)
        self._handle = os.fdopen(descriptor, "wb")
        self._path = Path(name)

    def __enter__(self) -> tuple[IO[bytes], Path]:
        return self._handle, self._path

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._handle.close()
        if kind is not None:
            self._path.unlink(missing_ok=True)
