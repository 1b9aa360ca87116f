"""The code bundle: everything that jobs run, in one archive whose name is its content.

The same code gives the same bytes on every machine: names are sorted, times and owners are zero, and the archive is
stored rather than compressed, since compressed bytes differ between builds of zlib. It is still a ``tar.gz`` like any
other, some hundred kilobytes long.
"""

from __future__ import annotations

import hashlib
import io
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

#: The packages that run inside jobs and behind endpoints.
PACKAGES = ("inference", "processing_scripts", "training_scripts")

#: Modules, and the kinds of data that modules read from beside themselves.
SUFFIXES = frozenset({".py", ".c", ".h", ".json"})

_PROGRAM = '''"""Starts {module}: script mode wants its program at the root of the bundle."""

from {module} import main

if __name__ == "__main__":
    main()
'''
_SERVING = '''"""What the image's server calls, from inference.serving."""

from inference.serving import *  # noqa: F403
'''

#: Files at the root of the bundle: script mode runs and serves a module that stands there.
LAUNCHERS = {
    "serving.py": _SERVING,
    "train_baseline.py": _PROGRAM.format(module="training_scripts.train_baseline"),
    "train_xgboost.py": _PROGRAM.format(module="training_scripts.train_xgboost"),
}

# Gzip: its magic number, deflate, no flags, no time, no extra flags, and 255 for an unknown system.
_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_LARGEST_STORED_BLOCK = 0xFFFF


class BundleError(ValueError):
    """A bundle that cannot be built."""


@dataclass(frozen=True)
class Bundle:
    """An archive of code, named by the SHA-256 of its bytes."""

    content: bytes
    sha256: str

    @property
    def file_name(self) -> str:
        """The archive's file name. Nothing may depend on its ending: deployed as an asset it has another."""
        return f"{self.sha256}.tar.gz"

    @property
    def key(self) -> str:
        """The archive's key in a bucket."""
        return f"code/{self.file_name}"


def build_bundle(root: Path) -> Bundle:
    """Return the bundle of the packages in a folder.

    Raises:
        BundleError: when one of the packages is not there.
    """
    files = {name: text.encode() for name, text in LAUNCHERS.items()}
    for package in PACKAGES:
        found = {path.relative_to(root).as_posix(): path.read_bytes() for path in _files(root / package)}
        if not found:
            raise BundleError(
                f"There is no code in {root / package}. Run this from a complete checkout of the project."
            )
        files.update(found)
    content = _gzip(_tar(files))
    return Bundle(content, hashlib.sha256(content).hexdigest())


def _files(package: Path) -> Iterator[Path]:
    """Yield the files of a package that jobs need: no tests, caches or hidden files."""
    for path in package.rglob("*"):
        parts = path.relative_to(package).parts
        hidden = any(part.startswith(".") or part in {"__pycache__", "tests"} for part in parts)
        if path.suffix in SUFFIXES and not hidden and path.is_file():
            yield path


def _tar(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name in sorted(files):
            member = tarfile.TarInfo(name)
            member.size = len(files[name])
            archive.addfile(member, io.BytesIO(files[name]))
    return buffer.getvalue()


def _gzip(content: bytes) -> bytes:
    """Return content as a gzip file of stored blocks, which are the same whatever writes them (RFC 1951, 3.2.4)."""
    parts = [_GZIP_HEADER]
    for start in range(0, len(content), _LARGEST_STORED_BLOCK):
        block = content[start : start + _LARGEST_STORED_BLOCK]
        last = start + len(block) == len(content)
        size = len(block)
        parts += [bytes([last]), size.to_bytes(2, "little"), (size ^ 0xFFFF).to_bytes(2, "little"), block]
    parts += [zlib.crc32(content).to_bytes(4, "little"), (len(content) & 0xFFFFFFFF).to_bytes(4, "little")]
    return b"".join(parts)
