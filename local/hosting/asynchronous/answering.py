"""Answers asynchronous requests: the input comes from S3, the result or the reason of a failure goes there."""

from __future__ import annotations

import base64
import logging
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor

from local.hosting.asking import ModelFailureError
from local.hosting.asynchronous.accepting import LEASE
from local.hosting.endpoint_state import find
from local.hosting.fleets import Fleet
from local.hosting.invoking import InvalidInvocationError, invoke
from local.store.asynchronous import AsynchronousInvocation
from local.store.leases import LEASE_SECONDS
from local.store.objects import ObjectError, split_uri
from local.store.processes import this_process
from local.store.store import Store

IDLE_SECONDS = 2.0
"""How long nothing must wait before the process ends; its workers are warm until then."""
AT_ONCE = 4
"""How many requests an instance answers at once where the configuration does not say."""
MOST_THREADS = 32
_LOOK_SECONDS = 0.02

log = logging.getLogger(__name__)


class UnansweredError(Exception):
    """A request that gets no answer; the message is the reason for whoever asked."""


def answer(store: Store, invocation: AsynchronousInvocation) -> None:
    """Answer one request and forget it. Where this process dies meanwhile, it is answered again."""
    request = invocation.request
    try:
        place, body = request["Output"], _answer(store, invocation)
    except UnansweredError as error:
        log.warning("%s, %s: %s", invocation.endpoint, request["InferenceId"], error)
        place, body = request.get("Failure"), str(error).encode()
    try:
        if place is not None:
            store.objects.put(*split_uri(place), body)
    except (ObjectError, OSError) as error:
        log.warning("%s, %s: %s cannot be written: %s", invocation.endpoint, request["InferenceId"], place, error)
    store.asynchronous.done(invocation.id)


def _answer(store: Store, invocation: AsynchronousInvocation) -> bytes:
    request = invocation.request
    if time.time() - invocation.created > request["TtlSeconds"]:
        raise UnansweredError(f"The request waited for more than {request['TtlSeconds']} seconds and has expired.")
    given = {**request, "Body": _input(store, invocation)}
    try:
        found = invoke(store, invocation.endpoint, given, seconds=request["TimeoutSeconds"], asynchronous=True)
    except (InvalidInvocationError, ModelFailureError) as error:
        raise UnansweredError(str(error)) from error
    return found.body


def _input(store: Store, invocation: AsynchronousInvocation) -> bytes:
    if "Body" in invocation.request:
        return base64.b64decode(invocation.request["Body"])
    place = invocation.request["InputLocation"]
    try:
        with store.objects.open(*split_uri(place)) as file:
            return file.read()
    except (ObjectError, OSError) as error:
        raise UnansweredError(f"The input {place} cannot be read: {error}") from error


class Answering:
    """What this process answers now, so many requests of each endpoint at once as its configuration allows."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._threads = ThreadPoolExecutor(MOST_THREADS, "asynchronous")
        self._running: dict[int, tuple[str, Future[None]]] = {}

    def step(self) -> bool:
        """Start what can be started; say whether anything waits or runs."""
        for number, (_, future) in list(self._running.items()):
            if future.done():
                del self._running[number]
                future.result()
        waiting = self._store.asynchronous.waiting()
        free: dict[str, int] = {}
        for invocation in waiting:
            if invocation.id in self._running:
                continue
            name = invocation.endpoint
            if name not in free:
                free[name] = self._at_once(name) - sum(endpoint == name for endpoint, _ in self._running.values())
            if free[name] > 0:
                free[name] -= 1
                self._running[invocation.id] = (name, self._threads.submit(answer, self._store, invocation))
        return bool(waiting or self._running)

    def _at_once(self, name: str) -> int:
        endpoint = find(self._store, name)
        if endpoint is None:
            return MOST_THREADS
        fleet = Fleet.of(endpoint.body)
        given = ((fleet.asynchronous or {}).get("ClientConfig") or {}).get("MaxConcurrentInvocationsPerInstance")
        return (given or AT_ONCE) * sum(int(variant["CurrentInstanceCount"]) for variant in fleet.variants)


def run(store: Store) -> None:
    """Answer until nothing waits any more; returns at once where another process does so already."""
    owner = this_process()
    while store.leases.claim(LEASE, owner, time.time()):
        try:
            _answer_all(store, owner)
        finally:
            if store.home.database.exists():
                store.leases.release(LEASE, owner)
        # Looked at once more without the lease: who came in between saw it held, and started nobody.
        if not store.home.database.exists() or not store.asynchronous.any():
            return


def _answer_all(store: Store, owner: str) -> None:
    answering = Answering(store)
    renewed = last = time.monotonic()
    pause = threading.Event()
    while store.home.database.exists():
        now = time.monotonic()
        if answering.step():
            last = now
        elif now - last > IDLE_SECONDS:
            return
        if now - renewed > LEASE_SECONDS / 5:
            renewed = now
            if not store.leases.claim(LEASE, owner, time.time()):
                return
        pause.wait(_LOOK_SECONDS)
