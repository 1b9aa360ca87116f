"""The process of a compilation job: started, asked to stop, and seen when it has died."""

from __future__ import annotations

import contextlib
import os
import signal
import time

from local.functions.wake import wake
from local.registry import compilation_jobs as jobs
from local.store import detached
from local.store.processes import is_local, process_alive, process_parts
from local.store.resources import Resource
from local.store.store import Store


def start(store: Store, name: str) -> None:
    """Start the process that compiles what a job asks for."""
    log = store.home.job_log(jobs.KIND, name)
    owner = detached.start("local.compilation", store.home.root, name, log=log)
    # Where it has ended already, the job's status says how.
    if owner is not None:
        store.resources.put(jobs.OWNER, name, f"compilation:{name}", {"owner": owner}, now=time.time())
    wake(store)


def ask_to_stop(store: Store, name: str) -> None:
    """Let a job's process know that it is to stop; it also looks by itself before it begins."""
    owner = _owner(store, name)
    if owner is None or not is_local(owner) or not process_alive(owner):
        return
    pid, _ = process_parts(owner)
    if pid is not None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGTERM)


def settled(store: Store, found: Resource) -> Resource:
    """Return a job as it is: one whose process has died is recorded as failed, or as stopped where it was to stop."""
    owner = _owner(store, found.name)
    if found.status in jobs.ENDED or owner is None or process_alive(owner):
        return found
    found = jobs.get(store, found.name)
    if found.status == jobs.STOPPING:
        return jobs.change(store, found.name, jobs.STOPPED, now=time.time())
    log = store.home.job_log(jobs.KIND, found.name)
    reason = f"The process that ran this job ended unexpectedly. Its log: {log}"
    return jobs.change(store, found.name, jobs.FAILED, now=time.time(), FailureReason=reason)


def _owner(store: Store, name: str) -> str | None:
    record = store.resources.get(jobs.OWNER, name)
    return None if record is None else str(record.body["owner"])
