"""Where workers have their folders and sockets.

Both are named by their owner, so that what a killed owner left is told from what is in use.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import tempfile
from pathlib import Path

from local.store.processes import process_alive, this_process

PREFIX = "sageline-worker-"
# A socket's path takes 104 bytes on macOS and 108 on Linux, the folder's own name and the socket's among them.
_LONGEST = 50
_numbers = itertools.count(1)


def new_folder(parent: Path) -> Path:
    """Return a folder for one worker, which is not there yet."""
    return parent / _owned()


def new_rendezvous() -> Path:
    """Make a folder that only this user can look into, with a path short enough for a socket in it."""
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{_owned()}-", dir=_short()))


def sweep(parent: Path) -> None:
    """Remove what workers left whose owners are gone."""
    for folder, prefix in ((parent, ""), (_short(), PREFIX)):
        with contextlib.suppress(OSError):
            for entry in os.scandir(folder):
                if entry.name.startswith(prefix) and _abandoned(entry.name.removeprefix(prefix)):
                    shutil.rmtree(entry.path, ignore_errors=True)


def _owned() -> str:
    owner = this_process().rpartition("@")[0]
    return f"{owner.replace(':', '-')}-{next(_numbers)}"


def _abandoned(name: str) -> bool:
    pid, _, rest = name.partition("-")
    mark = rest.partition("-")[0]
    host = this_process().rpartition("@")[2]
    return pid.isdecimal() and not process_alive(f"{pid}:{mark}@{host}")


def _short() -> Path:
    chosen = tempfile.gettempdir()
    # A job's temporary folder lies deep in its home.
    return Path(chosen if len(chosen) < _LONGEST else "/tmp")  # noqa: S108 - mkdtemp makes what only its user reads
