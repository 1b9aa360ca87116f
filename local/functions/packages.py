"""The zip archives that functions are created from: whoever sends one is not trusted with where its files end up."""

from __future__ import annotations

import base64
import hashlib
import io
import shutil
import stat
import uuid
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from local.store.store import Store

# Lambda's own limit for a package, unpacked.
MAX_BYTES = 250 << 20
MAX_MEMBERS = 50_000
_CHUNK = 1 << 20
_UNREADABLE = (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError, ValueError)


class PackageError(ValueError):
    """An archive that no function can be made of; the message is a sentence."""


@dataclass(frozen=True)
class Package:
    """A function's code: the folder that holds it, and the archive's digest and size in bytes."""

    folder: Path
    sha256: str
    size: int


def keep(store: Store, name: str, content: bytes) -> Package:
    """Unpack a function's archive into a folder of its own; the same archive lies there once.

    Raises:
        PackageError: it is no zip archive, a damaged or a hostile one, or too large.
    """
    digest = hashlib.sha256(content).hexdigest()
    package = Package(code_of(store, name) / digest, base64.b64encode(bytes.fromhex(digest)).decode(), len(content))
    if package.folder.is_dir():
        return package
    partly = code_of(store, name) / f".{uuid.uuid4().hex}"
    partly.mkdir(parents=True)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _unpack(archive, partly)
        partly.rename(package.folder)
    except _UNREADABLE as error:
        if isinstance(error, PackageError):
            raise
        if package.folder.is_dir():
            return package  # Another process has just put the same there.
        message = f"Could not unzip uploaded file ({error}). Please check your file, then try to upload again."
        raise PackageError(message) from error
    finally:
        shutil.rmtree(partly, ignore_errors=True)
    return package


def code_of(store: Store, name: str) -> Path:
    """Return where the code of a function lies that was created from archives."""
    return store.home.function(name) / "code"


def _unpack(archive: zipfile.ZipFile, folder: Path) -> None:
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        message = f"The archive has {len(members)} members; a function has at most {MAX_MEMBERS}."
        raise PackageError(message)
    left = MAX_BYTES
    for member in members:
        target = folder / _place(member)
        if member.is_dir():
            target.mkdir(parents=True, exist_ok=True)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        # What a member says of its size is not to be relied on: what comes out is counted.
        with archive.open(member) as source, target.open("xb") as output:
            while chunk := source.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    message = f"The archive unpacks to more than {MAX_BYTES >> 20} MiB, which is Lambda's limit."
                    raise PackageError(message)
                output.write(chunk)


def _place(member: zipfile.ZipInfo) -> PurePosixPath:
    """Return where a member lies below the folder; PackageError where that would be elsewhere, or not a file."""
    kind = stat.S_IFMT(member.external_attr >> 16)
    path = PurePosixPath(member.filename)
    if path.is_absolute() or ".." in path.parts or "\\" in member.filename or ":" in member.filename:
        message = f"The archive's member {member.filename!r} would lie outside the function's folder."
        raise PackageError(message)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        message = f"The archive's member {member.filename!r} is neither a file nor a folder; links are not unpacked."
        raise PackageError(message)
    return path
