"""Starts engines as processes of their own, and sees when one has died."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from local.functions.wake import wake
from local.jobs.leftovers import clear
from local.store import detached
from local.store.executions import RUNNING, Execution
from local.store.steps import UNDER_WAY
from local.store.store import Store

_LOG_TAIL = 2000
_GRACE_SECONDS = 10.0


def start(store: Store, execution_arn: str) -> None:
    """Start the process that owns the execution; it goes on when the caller ends."""
    execution = store.executions.get(execution_arn)
    if execution is None:
        message = f"There is no execution {execution_arn}."
        raise LookupError(message)
    name = detached.start("local.engine", store.home.root, execution_arn, log=_log(store, execution))
    # Where it has ended already, the execution's status says how.
    if name is not None:
        store.executions.appoint(execution_arn, name, time.time())
    # Where functions have rules, they hear of the execution's steps while it runs.
    wake(store)


def reconcile(store: Store, execution: Execution) -> Execution:
    """Return the execution as it is; one that runs in the records alone, its owner dead, becomes Failed."""
    detached.reap()
    if execution.status not in RUNNING or execution.owner_alive(time.time()):
        return execution
    # Read again inside the write: the engine may have come to its end between the two looks.
    with store.database.transaction():
        now = time.time()
        current = store.executions.get(execution.arn)
        if current is None or current.status not in RUNNING or current.owner_alive(now) or _just_created(current, now):
            return current or execution
        reason = (
            f"The engine that ran this execution ended unexpectedly ({_last_line(store, current)}). "
            f"Run `sageline resume {current.id}` to go on."
        )
        store.executions.set_status(current.arn, "Failed", reason, now)
        _fail_steps(store, current.arn, now)
        found = store.executions.get(current.arn)
    return found or current


def _fail_steps(store: Store, execution_arn: str, now: float) -> None:
    """End the steps that were under way, and what their jobs left, which the system may not have ended with them."""
    reason = "The engine that ran this step ended unexpectedly."
    under_way = [record for record in store.steps.of(execution_arn) if record.status in UNDER_WAY]
    for record in under_way:
        if record.handle is not None:
            clear(store, record.handle)
    store.steps.save(*(replace(record, status="Failed", reason=reason, ended=now) for record in under_way))


def _just_created(execution: Execution, now: float) -> bool:
    """Say whether an execution without an owner may still be about to get one from the process that recorded it."""
    return execution.owner is None and now - execution.modified < _GRACE_SECONDS


def _last_line(store: Store, execution: Execution) -> str:
    log = _log(store, execution)
    try:
        text = log.read_text(encoding="utf-8", errors="replace")[-_LOG_TAIL:]
    except OSError:
        return "it left no log"
    lines = [line for line in text.splitlines() if line.strip()]
    return f"its last words: {lines[-1].strip()}" if lines else f"it said nothing in {log}"


def _log(store: Store, execution: Execution) -> Path:
    return store.home.execution(execution.id) / "engine.log"
