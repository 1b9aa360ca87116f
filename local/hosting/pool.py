"""The workers of this process: started when first asked for, used again, replaced when they ended, few at a time."""

from __future__ import annotations

import atexit
import threading
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from local.hosting.connection import Reply, Request
from local.hosting.containers import Container
from local.hosting.errors import HostingError, WorkerEndedError
from local.hosting.places import new_folder, sweep
from local.hosting.process import ANSWER_SECONDS, Worker
from local.jobs.sandboxes import choose
from local.store.store import Store

MOST_WORKERS = 16


class Pool:
    """Workers by container, for one home."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._workers: dict[Container, Worker] = {}
        self._locks: dict[Container, threading.Lock] = {}
        self._lock = threading.Lock()
        self._folder = store.home.root / "hosting"
        self._sandbox = choose(store.home.root).sandbox
        sweep(self._folder)

    def worker(self, container: Container, log: Path) -> Worker:
        """Return the container's worker, healthy; starts it where it does not run.

        Raises:
            HostingError: with the one cause why the model is not served.
        """
        with self._lock:
            lock = self._locks.setdefault(container, threading.Lock())
        with lock:
            found = self._workers.get(container)
            if found is not None and found.alive:
                self._touch(container, found)
                return found
            if found is not None:
                found.stop()
            made = Worker(self._store, container, new_folder(self._folder), log, self._sandbox)
            made.start()
            self._touch(container, made)
        self._keep_few()
        return made

    def invoke(
        self, chain: Iterable[Container], request: Request, log: Path, seconds: float = ANSWER_SECONDS
    ) -> tuple[Container, Reply]:
        """Pass a request through containers in series; returns the last reply, or the first that is an error.

        Each container is told the custom attributes; the last one is asked for the accepted type. The reply's `seconds`
        are those of all containers that were asked.

        Raises:
            HostingError: a model cannot be served or did not answer.
        """
        containers, spent = list(chain), 0.0
        for container in containers:
            last = container is containers[-1]
            reply = self._ask(container, request if last else replace(request, accept=""), log, seconds)
            spent += reply.seconds
            if last or reply.status >= 400:
                return container, replace(reply, seconds=spent)
            request = replace(request, body=reply.body, content_type=reply.content_type)
        message = "The model has no containers."
        raise HostingError(message)

    def _ask(self, container: Container, request: Request, log: Path, seconds: float) -> Reply:
        """Ask a worker, and where it ended once more a new one: a prediction can be asked for twice."""
        try:
            return self.worker(container, log).invoke(request, seconds)
        except WorkerEndedError:
            return self.worker(container, log).invoke(request, seconds)

    def keep_only(self, wanted: Iterable[Container]) -> None:
        """End the workers of containers that nothing uses any more."""
        kept = set(wanted)
        with self._lock:
            gone = [container for container in self._workers if container not in kept]
            workers = [self._workers.pop(container) for container in gone]
        for worker in workers:
            worker.retire()

    def stop(self) -> None:
        """End all workers."""
        with self._lock:
            workers, self._workers = list(self._workers.values()), {}
        for worker in workers:
            worker.stop()

    def _touch(self, container: Container, worker: Worker) -> None:
        with self._lock:
            self._workers.pop(container, None)
            self._workers[container] = worker

    def _keep_few(self) -> None:
        with self._lock:
            surplus = [self._workers.pop(key) for key in list(self._workers)[:-MOST_WORKERS]]
        for worker in surplus:
            worker.retire()


_pools: dict[Path, Pool] = {}
_making = threading.Lock()


def pool_of(store: Store) -> Pool:
    """Return this process's pool for a home."""
    with _making:
        found = _pools.get(store.home.root)
        if found is None:
            found = _pools[store.home.root] = Pool(store)
        return found


def end_pools() -> None:
    """End the workers of every home, and forget the pools."""
    with _making:
        pools = list(_pools.values())
        _pools.clear()
    for pool in pools:
        pool.stop()


atexit.register(end_pools)
