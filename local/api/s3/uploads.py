"""An upload in parts on disk: a folder with a record of what it will be, and one file for each part."""

from __future__ import annotations

import hashlib
import itertools
import json
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.api.errors import ServiceError
from local.api.protocols.http import Reader
from local.store.store import Store

MAX_PARTS = 10_000
MIN_PART_BYTES = 5 << 20
CHUNK = 1 << 20
_ID = re.compile(r"[0-9a-f]{32}")
_RECORD = "upload.json"


@dataclass(frozen=True)
class Part:
    """One part: the file `NUMBER.MD5`."""

    path: Path

    @property
    def number(self) -> int:
        """The part's place in the whole."""
        return int(self.path.name.partition(".")[0])

    @property
    def md5(self) -> str:
        """The part's MD5 in hexadecimal: its ETag."""
        return self.path.name.partition(".")[2]


@dataclass(frozen=True)
class Upload:
    """An upload that is open. `kept` is what goes with the object once it is whole."""

    folder: Path
    bucket: str
    key: str
    kept: Mapping[str, Any]

    @property
    def id(self) -> str:
        """The upload's id, hexadecimal, as clients name it."""
        return self.folder.name

    def parts(self) -> list[Part]:
        """Return the parts so far, in their order."""
        return [Part(path) for path in sorted(self.folder.glob("[0-9][0-9][0-9][0-9][0-9].*"))]

    def store(self, number: int, body: Reader) -> Part:
        """Write a part in one rename; an earlier one with its number goes."""
        if not 1 <= number <= MAX_PARTS:
            raise ServiceError("InvalidArgument", f"Part number must be an integer between 1 and {MAX_PARTS}.")
        staged = self.folder / f"writing-{secrets.token_hex(8)}"
        digest = hashlib.md5(usedforsecurity=False)
        try:
            with staged.open("wb") as file:
                while data := body.read(CHUNK):
                    digest.update(data)
                    file.write(data)
            part = Part(self.folder / f"{number:05d}.{digest.hexdigest()}")
            staged.replace(part.path)
        finally:
            staged.unlink(missing_ok=True)
        for other in self.folder.glob(f"{number:05d}.*"):
            if other != part.path:
                other.unlink(missing_ok=True)
        return part

    def choose(self, listed: Sequence[Mapping[str, Any]]) -> list[Part]:
        """Return the parts that a request lists, where it may make an object of them."""
        if not listed:
            raise ServiceError("MalformedXML", "The request lists no parts.")
        numbers = [each.get("PartNumber", 0) for each in listed]
        if any(later <= earlier for earlier, later in itertools.pairwise(numbers)):
            raise ServiceError("InvalidPartOrder", "The list of parts was not in ascending order.")
        there = {part.number: part for part in self.parts()}
        chosen = []
        for each in listed:
            part = there.get(each.get("PartNumber", 0))
            if part is None or part.md5 != each.get("ETag", "").strip('"'):
                raise ServiceError("InvalidPart", f"Part {each.get('PartNumber')} was not uploaded with that ETag.")
            chosen.append(part)
        if any(part.path.stat().st_size < MIN_PART_BYTES for part in chosen[:-1]):
            raise ServiceError("EntityTooSmall", "Every part but the last must hold at least 5 MiB.")
        return chosen

    def close(self) -> None:
        """Forget the upload and its parts."""
        shutil.rmtree(self.folder, ignore_errors=True)


class Joined:
    """The parts read as one, in pieces of their own size, as copying allows."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._pieces = _pieces(parts)

    def read(self, size: int = -1, /) -> bytes:  # noqa: ARG002 - a reader's interface
        """Return the next piece, b"" at the end."""
        return next(self._pieces, b"")


def create(store: Store, bucket: str, key: str, kept: Mapping[str, Any]) -> Upload:
    """Open an upload."""
    folder = _folder(store) / secrets.token_hex(16)
    folder.mkdir(parents=True)
    record = {"bucket": bucket, "key": key, "kept": kept}
    (folder / _RECORD).write_text(json.dumps(record), encoding="utf-8")
    return Upload(folder, bucket, key, kept)


def find(store: Store, upload_id: str, bucket: str, key: str) -> Upload:
    """Return an open upload, where it is one for that bucket and key."""
    found = _read(_folder(store) / upload_id) if _ID.fullmatch(upload_id) else None
    if found is None or (found.bucket, found.key) != (bucket, key):
        raise ServiceError("NoSuchUpload", "The specified upload does not exist.", status=404)
    return found


def every(store: Store, bucket: str) -> list[Upload]:
    """Return a bucket's open uploads, by key."""
    found = [upload for folder in _folder(store).glob("*") if (upload := _read(folder)) and upload.bucket == bucket]
    return sorted(found, key=lambda upload: (upload.key, upload.id))


def _folder(store: Store) -> Path:
    return store.objects.staging / "uploads"


def _read(folder: Path) -> Upload | None:
    try:
        return Upload(folder, **json.loads((folder / _RECORD).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _pieces(parts: Sequence[Part]) -> Iterator[bytes]:
    for part in parts:
        with part.path.open("rb") as file:
            while data := file.read(CHUNK):
                yield data
