"""Does what happens by itself: events go to the functions whose rules they match, messages to those they are for."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from typing import Any

from local.functions import manifest, mappings, patterns, queues, rules, sources, targets
from local.functions.invoke import endpoint
from local.functions.manifest import Function
from local.functions.mappings import Feed
from local.functions.process import FunctionProcess, Outcome, request_id
from local.functions.sources import Batch
from local.functions.wake import LEASE, READER, pending
from local.store.invocations import Invocation
from local.store.leases import LEASE_SECONDS
from local.store.processes import this_process
from local.store.store import Store

IDLE_SECONDS = 0.5
"""How long nothing must be pending before the dispatcher ends."""

RETRY_SECONDS = (1.0, 2.0)
"""When a failed invocation is tried again: as often as Lambda does, and sooner."""

_BUSY_LOOK, _IDLE_LOOK, _LATER_LOOK = 0.01, 0.05, 0.25
"""How often running functions, and other processes' writes, are looked at; and, where there are none, all there is."""

log = logging.getLogger(__name__)

Settle = Callable[[Outcome], None]


class Dispatcher:
    """One pass after another over events, invocations and queues. A function has one event and one batch at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._running: dict[str, tuple[FunctionProcess, Settle]] = {}

    def step(self) -> None:
        """Do everything that can be done now, without waiting for it."""
        self._read_events()
        functions = {function.name: function for function in manifest.functions(self._store)}
        for invocation in self._store.invocations.first():
            self._start_invocation(invocation, functions.get(invocation.function))
        for feed in mappings.feeds(self._store):
            if f"queue/{feed.key}" not in self._running:
                batch = sources.take(self._store, feed, now=time.time())
                if batch is not None:
                    self._start_batch(feed, batch)

    @property
    def busy(self) -> bool:
        """Say whether a function runs."""
        return bool(self._running)

    def close(self) -> None:
        """End what runs; it is done again by whoever comes next."""
        for process, _ in self._running.values():
            process.kill()

    def _read_events(self) -> None:
        """Turn new events into invocations and messages, in one write with the position: none is lost or made twice."""
        store = self._store
        if store.events.latest() <= (position := store.invocations.position(READER)):
            return
        events = store.events.timed_after(position)
        found: list[tuple[int, str, str, Any]] = []
        for resource in store.resources.list(manifest.KIND):
            function = manifest.read(resource)
            for event, moment in events:
                # What happened before there was a function is none of its business.
                if moment >= resource.created and patterns.any_matches(function.rules, event):
                    found.append((int(event["id"]), function.name, f"event/{event['id']}", event))
        with store.database.transaction():
            for delivery in rules.deliveries(store, events):
                found.extend(self._delivered(delivery))
            ordered = [each[1:] for each in sorted(found, key=lambda each: each[0])]
            store.invocations.move(READER, int(events[-1][0]["id"]), ordered, now=time.time())

    def _delivered(self, delivery: rules.Delivery) -> list[tuple[int, str, str, Any]]:
        """Send a rule's event to its queue, or return the invocation that it is."""
        target = str(delivery.target["Arn"])
        content = targets.shaped(delivery)
        if queues.is_arn(target):
            queue = queues.ensure(self._store, target, now=time.time())
            self._store.messages.send(queue.arn, json.dumps(content), now=time.time())
            return []
        function = manifest.find(self._store, target)
        if function is None:
            log.warning("The rule %s has the target %s, which is not there.", delivery.rule.name, target)
            return []
        return [(int(delivery.event["id"]), function.name, delivery.origin, content)]

    def _start_invocation(self, invocation: Invocation, function: Function | None) -> None:
        key = f"event/{invocation.function}"
        if key in self._running or (invocation.due or 0.0) > time.time():
            return
        if function is None:
            self._store.invocations.failed(invocation.id, "There is no such function any more.", again=None)
            return
        self._run(key, function, invocation.event, invocation.origin, lambda done: self._settle(invocation, done))

    def _settle(self, invocation: Invocation, outcome: Outcome) -> None:
        if outcome.error is None:
            self._store.invocations.done(invocation.id)
            return
        again = None
        if invocation.attempts < len(RETRY_SECONDS):
            again = time.time() + RETRY_SECONDS[invocation.attempts]
        what = "is given up" if again is None else "is tried again"
        log.warning("%s for %s failed and %s: %s", invocation.function, invocation.origin, what, outcome.reason)
        self._store.invocations.failed(invocation.id, outcome.reason, again=again)

    def _start_batch(self, feed: Feed, batch: Batch) -> None:
        def settle(outcome: Outcome) -> None:
            if outcome.error is not None:
                log.warning("%s failed on a batch of its queue: %s", feed.function.name, outcome.reason)
            sources.give_back(self._store, feed, batch, outcome)

        self._run(f"queue/{feed.key}", feed.function, batch.event, batch.origin, settle)

    def _run(self, key: str, function: Function, event: Any, origin: str, settle: Settle) -> None:
        log.info("%s runs for %s", function.name, origin)
        request = request_id(f"{function.arn}/{origin}")
        process = FunctionProcess(self._store, function, event, request=request)
        self._running[key] = (process, settle)
        process.go(endpoint(self._store))

    def poll(self) -> bool:
        """Settle the functions that have ended; say whether there were any, after which others may start."""
        ended = {key: outcome for key, (process, _) in self._running.items() if (outcome := process.poll()) is not None}
        for key, outcome in ended.items():
            _, settle = self._running.pop(key)
            settle(outcome)
        return bool(ended)


def run(store: Store) -> None:
    """Dispatch until nothing is left to do; returns at once where another process does so already."""
    owner = this_process()
    while store.leases.claim(LEASE, owner, time.time()):
        dispatcher = Dispatcher(store)
        try:
            _dispatch(store, dispatcher, owner)
        finally:
            dispatcher.close()
            if store.home.database.exists():
                store.leases.release(LEASE, owner)
        # Looked at once more without the lease: who came in between saw it held, and started nobody.
        if not store.home.database.exists() or not pending(store, time.time()):
            return


def _dispatch(store: Store, dispatcher: Dispatcher, owner: str) -> None:
    renewed = last = time.monotonic()
    # Reading all that there is takes milliseconds, and mostly nobody has written since.
    seen, read, waiting = -1, last, True
    while store.home.database.exists():
        writes, now = store.database.others_writes(), time.monotonic()
        if dispatcher.poll() or writes != seen or now - read >= _LATER_LOOK:
            dispatcher.step()
            seen, read, waiting = writes, now, pending(store, time.time())
        if now - renewed > LEASE_SECONDS / 5:
            renewed = now
            if not store.leases.claim(LEASE, owner, time.time()):
                return
        if dispatcher.busy or waiting:
            last = now
        elif now - last > IDLE_SECONDS:
            return
        time.sleep(_BUSY_LOOK if dispatcher.busy else _IDLE_LOOK)
