"""Checkpoints of training jobs: brought at the start, kept in S3 while the job runs and at its end.

A job that takes another's place, with the same CheckpointConfig, finds what the other had saved.
"""

from __future__ import annotations

import contextlib
import os
import stat
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from local.jobs.background import Background, Task
from local.jobs.inputs import copy
from local.jobs.requests import is_open, member
from local.store.objects import ObjectStore, split_uri
from local.store.trees import regular_files

DEFAULT_PATH = "/opt/ml/checkpoints"
SAVE_SECONDS = 1.0
"""How often files that changed are looked for."""

_Seen = tuple[int, int, int]


def local_path(request: Mapping[str, Any]) -> str | None:
    """Return the container path of a job's checkpoints, None where it keeps none."""
    if not member(request, "CheckpointConfig", "S3Uri"):
        return None
    return str(member(request, "CheckpointConfig", "LocalPath") or DEFAULT_PATH)


def checkpoint_problems(request: Mapping[str, Any]) -> list[str]:
    """Name what in a request's checkpoints, and in its spot training, cannot be."""
    found = []
    path = local_path(request)
    if path is not None and (not f"{path}/".startswith("/opt/ml/") or ".." in Path(path).parts):
        found.append(f"keeps checkpoints in {path}; on the laptop the LocalPath must lie below /opt/ml.")
    runtime, wait = (
        member(request, "StoppingCondition", name) for name in ("MaxRuntimeInSeconds", "MaxWaitTimeInSeconds")
    )
    spot = request.get("EnableManagedSpotTraining")
    if wait is not None and spot in (None, False):
        found.append("has a MaxWaitTimeInSeconds, which only managed spot training takes.")
    if spot is True and not is_open((request.get("StoppingCondition") or {}).get("MaxWaitTimeInSeconds")):
        if wait is None:
            found.append("trains on spot instances and has no MaxWaitTimeInSeconds, which the service wants then.")
        elif runtime is not None and float(wait) < float(runtime):
            found.append(
                f"waits {wait:g} seconds at most and may run for {runtime:g}; the service wants it to wait longer."
            )
    return found


class CheckpointSync:
    """Keeps the checkpoint folders of a job's hosts in one place in S3. Nothing is deleted there, as on the service."""

    def __init__(self, objects: ObjectStore, uri: str, folders: Sequence[Path]) -> None:
        self._objects = objects
        self._bucket, prefix = split_uri(uri)
        self._prefix = prefix.strip("/")
        self._folders = folders
        self._seen: dict[Path, _Seen] = {}
        self._lock = threading.Lock()
        self._task: Task[None] | None = None
        self._looked = 0.0

    def fetch(self) -> int:
        """Fill the folders with what is there already; returns how many files that are."""
        found = self._objects.select(f"s3://{self._bucket}/{self._prefix}/" if self._prefix else f"s3://{self._bucket}")
        for folder in self._folders:
            folder.mkdir(parents=True, exist_ok=True)
            for name, info in found:
                copy(self._objects.path(self._bucket, info.key), folder / name)
                self._seen[folder / name] = _state(folder / name)
        return len(found)

    def save_now_and_then(self, background: Background) -> None:
        """Save in the background, at most once in a while and one at a time."""
        now = time.monotonic()
        if now - self._looked >= SAVE_SECONDS and (self._task is None or self._task.done):
            self._looked = now
            self._task = background.run(self._save_what_can_be)

    def save(self) -> None:
        """Store every file that is new or has changed; ObjectError or OSError where one cannot be stored."""
        with self._lock:
            for name, path in self._files().items():
                # A file may be replaced, or removed, while it is looked at: it is the next look's.
                with contextlib.suppress(FileNotFoundError):
                    self._save(path, f"{self._prefix}/{name}" if self._prefix else name)

    def _files(self) -> dict[str, Path]:
        """Return the files of all hosts by name; of files of one name, the leading host's."""
        found: dict[str, Path] = {}
        for folder in self._folders:
            with contextlib.suppress(FileNotFoundError):
                found = {**{name: folder / name for name in regular_files(folder)}, **found}
        return found

    def _save_what_can_be(self) -> None:
        with contextlib.suppress(OSError):
            self.save()

    def _save(self, path: Path, key: str) -> None:
        with path.open("rb") as file:
            state = _of(os.fstat(file.fileno()))
            if self._seen.get(path) != state:
                self._objects.put(self._bucket, key, file)
                self._seen[path] = state


def _state(path: Path) -> _Seen:
    return _of(path.stat())


def _of(found: os.stat_result) -> _Seen:
    return (found.st_mtime_ns, found.st_size, found.st_ino) if stat.S_ISREG(found.st_mode) else (0, 0, 0)
