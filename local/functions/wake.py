"""Whether something is to be done by itself, and the start of the process that does it."""

from __future__ import annotations

import time

from local.functions import manifest, mappings, queues, rules
from local.functions.mappings import Feed
from local.store import detached
from local.store.executions import RUNNING
from local.store.store import Store

LEASE = "functions"
READER = "functions"
_LOOK_SECONDS = 0.02


def wake(store: Store) -> None:
    """Start the dispatcher where there is something to do and no dispatcher lives. Cheap where there is nothing."""
    detached.reap()
    now = time.time()
    if not pending(store, now) or store.leases.held(LEASE, now):
        return
    owner = detached.start("local.functions", store.home.root, log=store.home.root / "functions.log")
    # In its name, so that nobody starts another one before it takes the lease itself.
    if owner is not None:
        store.leases.claim(LEASE, owner, now)


def pending(store: Store, now: float) -> bool:
    """Say whether something is to be done now or later: events, messages, invocations, or an execution with rules."""
    if store.invocations.first():
        return True
    listened_to = any(function.rules for function in manifest.functions(store)) or rules.listening(store)
    if listened_to and (store.events.latest() > store.invocations.position(READER) or _executing(store, now)):
        return True
    return any(next_message(store, feed) is not None for feed in mappings.feeds(store))


def next_message(store: Store, feed: Feed) -> float | None:
    """Return when the queue that feeds a function has its next message; None where it has none, or there is none."""
    queue = queues.find(store, feed.queue)
    return None if queue is None else store.messages.next_visible(queue.arn)


def settle(store: Store, seconds: float) -> bool:
    """Wait until nothing is to be done any more; False where that takes longer than `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        now = time.time()
        if not pending(store, now) and not store.leases.held(LEASE, now):
            return True
        wake(store)
        time.sleep(_LOOK_SECONDS)
    return False


def _executing(store: Store, now: float) -> bool:
    """Say whether an execution runs: its steps' events are still to come."""
    return any(execution.owner_alive(now) for execution in store.executions.in_status(RUNNING))
