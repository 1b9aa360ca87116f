"""Folders that a job left behind: what in them can become objects, and making a folder hold just that."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Set as AbstractSet
from pathlib import Path


def regular_files(folder: Path) -> list[str]:
    """Return the paths of all regular files below a folder, relative to it, sorted; links are not followed."""
    return sorted(
        (Path(parent) / name).relative_to(folder).as_posix()
        for parent, _, files in os.walk(folder)
        for name in files
        if stat.S_ISREG((Path(parent) / name).lstat().st_mode)
    )


def sweep(folder: Path, keep: AbstractSet[str]) -> None:
    """Remove everything from a folder but the files to keep, given relative to it."""
    for parent, folders, files in os.walk(folder, topdown=False):
        base = Path(parent)
        for name in files:
            if (base / name).relative_to(folder).as_posix() not in keep:
                (base / name).unlink()
        for name in folders:
            if (base / name).is_symlink():
                (base / name).unlink()
        if base != folder:
            with contextlib.suppress(OSError):
                base.rmdir()


def flush(path: Path) -> None:
    """Have the system write a file's content to the disk."""
    with path.open("rb") as handle:
        os.fsync(handle.fileno())
