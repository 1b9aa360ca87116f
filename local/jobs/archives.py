"""Archives as the service makes them, the same bytes for the same files; and archives from anywhere, unpacked."""

from __future__ import annotations

import gzip
import tarfile
import zlib
from pathlib import Path

from local.jobs.errors import JobError

MAX_MEMBERS = 200_000
MAX_BYTES = 50 << 30
# Speed counts: the archive never leaves this disk unless somebody copies it.
_LEVEL = 1
_CHUNK = 1 << 20


def pack(folder: Path, target: Path) -> None:
    """Write a folder's files as a tar.gz whose bytes depend on nothing but their paths, contents and mode."""
    with (
        target.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", compresslevel=_LEVEL, fileobj=raw, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT, dereference=True) as archive,
    ):
        for path in sorted(folder.rglob("*"), key=lambda path: path.relative_to(folder).as_posix()):
            if path.is_file():
                archive.add(path, path.relative_to(folder).as_posix(), recursive=False, filter=_plain)


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.mtime = 0
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o755 if member.mode & 0o100 else 0o644
    return member


def is_archive(path: Path) -> bool:
    """Say whether a file is a tar archive, compressed or not."""
    return tarfile.is_tarfile(path)


def unpack(archive: Path, folder: Path) -> None:
    """Unpack a tar.gz into a folder, refusing members that would leave it.

    Raises:
        JobError: it is not a tar.gz, or a hostile or damaged one.
    """
    try:
        with tarfile.open(archive, mode="r:gz") as opened:
            size = 0
            for members, member in enumerate(opened, start=1):
                size += member.size
                if members > MAX_MEMBERS or size > MAX_BYTES:
                    message = f"{archive.name} unpacks to more than {MAX_MEMBERS} files or {MAX_BYTES >> 30} GiB."
                    raise JobError(message)
                opened.extract(member, folder, filter="data")
            # To its very end, where the checksum is: an archive that was cut off is no archive.
            while opened.fileobj is not None and opened.fileobj.read(_CHUNK):
                pass
    except (tarfile.TarError, zlib.error, OSError, EOFError, ValueError, KeyError) as error:
        message = f"{archive.name} cannot be unpacked ({error}); it must be a tar.gz whose files stay in their folder."
        raise JobError(message) from error
