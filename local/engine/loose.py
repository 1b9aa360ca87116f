"""Jobs that no execution has started: each has a process of its own, which outlives whoever created it.

The process is `python -m local.engine.loose --home HOME KIND NAME`. What it was asked for, and which process it is,
stand in a record beside the job's; who looks at the job when that process has died sees it as failed.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local.functions.wake import wake
from local.hosting.transform.runner import TransformRunner
from local.jobs import checks
from local.jobs.background import Background
from local.jobs.checks import CheckRunner
from local.jobs.container import ContainerRunner
from local.jobs.environment import cpu_count
from local.jobs.interface import Handle, JobContext, Request
from local.jobs.leftovers import clear
from local.jobs.processing import ProcessingRunner
from local.jobs.records import STOP_REQUESTED
from local.jobs.sandboxes import choose
from local.jobs.training import TrainingRunner
from local.store import detached
from local.store.home import Home
from local.store.processes import process_alive, process_name
from local.store.resources import Resource
from local.store.store import Store

KINDS = ("ProcessingJob", "TrainingJob", "TransformJob")
_OWNER = "LooseJob"
_LOOK_SECONDS = 0.05
_ENDED = ("Completed", "Failed", "Stopped")


def problems(kind: str, request: Request) -> list[str]:
    """Name everything in a request that cannot run here, each as a sentence without its subject."""
    runner, given = _runner(kind, request)
    return runner.validate(given)


def start(store: Store, kind: str, request: Request) -> None:
    """Record a job and start its process."""
    name = str(request[f"{kind}Name"])
    runner, given = _runner(kind, request)
    log = store.home.job_log(kind, name)
    with store.database.transaction():
        runner.announce(given, _context(store, kind, name, Background(lambda: None)))
        _keep(store, kind, name, {"request": dict(request), "owner": None})
    owner = detached.start("local.engine.loose", store.home.root, kind, name, log=log)
    # Where it has ended already, the job's status says how.
    if owner is not None:
        _keep(store, kind, name, {"request": dict(request), "owner": owner})
    wake(store)


def settled(store: Store, kind: str, found: Resource) -> Resource:
    """Return a job as it is: one whose process has died is recorded as failed."""
    if kind not in KINDS or found.status in _ENDED:
        return found
    record = store.resources.get(_OWNER, f"{kind}/{found.name}")
    owner = None if record is None else record.body["owner"]
    if record is None or owner is None or process_alive(owner):
        return found
    with store.database.transaction():
        current = store.resources.get(kind, found.name)
        if current is None or current.status in _ENDED:
            return current or found
        handle: Handle = record.body.get("handle") or {}
        clear(store, handle)
        runner, given = _runner(kind, record.body["request"])
        context = _context(store, kind, found.name, Background(lambda: None))
        runner.give_up(given, context, f"The process that ran this job ended unexpectedly. Its log: {context.log}")
    return store.resources.get(kind, found.name) or found


def run(store: Store, kind: str, name: str) -> str:
    """Run a recorded job to its end and return its status."""
    record = store.resources.get(_OWNER, f"{kind}/{name}")
    if record is None:
        message = f"There is no {kind} {name} to run."
        raise LookupError(message)
    woken, stopping = threading.Event(), threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: stopping.set())
    runner, given = _runner(kind, record.body["request"])
    handle = runner.start(given, _context(store, kind, name, Background(woken.set)))
    kept: Handle = {}
    asked = False
    while not (state := runner.poll(handle)).has_ended:
        if handle != kept:
            kept = dict(handle)
            owner = process_name(os.getpid())
            _keep(store, kind, name, {"request": record.body["request"], "owner": owner, "handle": kept})
        if not asked and (stopping.is_set() or _is_to_stop(store, kind, name)):
            asked = True
            runner.stop(handle)
        woken.wait(_LOOK_SECONDS)
        woken.clear()
    return state.status


def _is_to_stop(store: Store, kind: str, name: str) -> bool:
    found = store.resources.get(kind, name)
    return found is not None and bool(found.body.get(STOP_REQUESTED))


def _runner(kind: str, request: Request) -> tuple[ContainerRunner, Request]:
    """Return what runs a kind of job, and the request as that takes it."""
    check = checks.check_of(request) if kind == "ProcessingJob" else None
    if check is not None:
        return CheckRunner(), checks.request(request, check)
    made: Mapping[str, type[ContainerRunner]] = {
        "ProcessingJob": ProcessingRunner,
        "TrainingJob": TrainingRunner,
        "TransformJob": TransformRunner,
    }
    return made[kind](), request


def _context(store: Store, kind: str, name: str, background: Background) -> JobContext:
    sandbox = choose(store.home.root).sandbox
    return JobContext(store, name, store.home.job_log(kind, name), sandbox, background, cpu_count())


def _keep(store: Store, kind: str, name: str, body: Mapping[str, Any]) -> None:
    key = f"{kind}/{name}"
    store.resources.put(_OWNER, key, f"loose:{key}", body, now=time.time())


def main(words: list[str]) -> int:
    """Run the job that the command line names; the exit code is 0 when it completed."""
    _, home, kind, name = words
    return 0 if run(Store(Home(Path(home).absolute())), kind, name) == "Completed" else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
