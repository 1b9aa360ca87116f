"""What a job leaves behind when its engine was killed: processes still running, a folder, outputs half taken over."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import time
from collections.abc import Sequence
from pathlib import Path

from local.jobs.interface import Handle
from local.store.objects import split_uri
from local.store.processes import process_alive, process_parts
from local.store.store import Store

JOB_VARIABLE = "SAGELINE_JOB_FOLDER"
_JOURNAL = "publishing.json"
_PROC = Path("/proc")
_WAIT_SECONDS = 5.0


def note_publishing(folder: Path, uris: Sequence[str]) -> None:
    """Write down which objects a job is about to put in place, so that a kill in between can be undone."""
    (folder / _JOURNAL).write_text(json.dumps(list(uris)), encoding="utf-8")


def clear(store: Store, handle: Handle) -> None:
    """Undo an unfinished job: kill what still runs, take back what it published, remove its folder."""
    for job in handle.get("jobs", ()):
        clear(store, job)
    if "folder" not in handle:
        return  # It has not begun, or waits for its next attempt.
    folder = Path(handle["folder"])
    _kill(handle.get("process"), folder)
    take_back(store, folder)
    shutil.rmtree(folder, ignore_errors=True)


def take_back(store: Store, folder: Path) -> None:
    """Delete what a job had begun to publish when it was cut short."""
    try:
        uris = json.loads((folder / _JOURNAL).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return  # Nothing was about to be published: the journal is written before the first object.
    for uri in uris:
        store.objects.delete(*split_uri(uri))


def _kill(process: str | None, folder: Path) -> None:
    pids = set(_marked(str(folder)))
    if process is not None and process_alive(process):
        pid, _ = process_parts(process)
        assert pid is not None  # noqa: S101 - a name without an id is not alive
        pids.add(pid)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)  # It leads a session of its own.
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + _WAIT_SECONDS
    while process is not None and process_alive(process) and time.monotonic() < deadline:
        time.sleep(0.005)


def _marked(folder: str) -> list[int]:
    """Find the processes whose environment names the job's folder, wherever their parents went."""
    mark = f"{JOB_VARIABLE}={folder}"
    if _PROC.joinpath("self/environ").exists():
        found = []
        for entry in os.scandir(_PROC):
            if entry.name.isdecimal():
                with contextlib.suppress(OSError):
                    if mark.encode() in (_PROC / entry.name / "environ").read_bytes().split(b"\0"):
                        found.append(int(entry.name))
        return found
    # Imported here: only systems without /proc need it, and only after a kill.
    import psutil  # noqa: PLC0415

    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.environ().get(JOB_VARIABLE) == folder:
                found.append(process.pid)
    return found
