"""What this process keeps of requests to endpoints, beside answering them: metrics, captured data, shadow requests."""

from __future__ import annotations

import atexit
import threading
from pathlib import Path

from local.hosting.aside import Aside
from local.hosting.capture import Captures, captured
from local.hosting.exchange import Exchange
from local.hosting.fleets import Fleet
from local.hosting.metrics import Metrics
from local.hosting.pool import pool_of
from local.store.store import Store

SHADOW_THREADS, MOST_SHADOWS = 4, 32
# How long a process that ends waits for shadow requests that are under way.
END_SECONDS = 5.0


class Recorder:
    """The metrics, captures and shadow requests of one home in this process."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.metrics = Metrics(store)
        self.captures = Captures(store)
        self.shadows = Aside("shadow", SHADOW_THREADS, MOST_SHADOWS)

    def record(self, fleet: Fleet, exchange: Exchange, log: Path) -> None:
        """Count a request, and keep it where the fleet's configuration wants that."""
        self.metrics.observe(exchange)
        if fleet.capture is not None and captured(fleet.capture, exchange):
            self.captures.add(fleet.capture, exchange, log)

    def close(self, seconds: float = END_SECONDS) -> None:
        """Bring to its end what is under way, and write what is held."""
        self.shadows.finish(seconds)
        self.captures.end()
        self.metrics.end()
        if self._store.home.database.exists():
            self.captures.flush()
            self.metrics.flush()


_recorders: dict[Path, Recorder] = {}
_making = threading.Lock()


def recorder_of(store: Store) -> Recorder:
    """Return this process's recorder for a home; it closes before the pool's workers end with the process."""
    with _making:
        found = _recorders.get(store.home.root)
        if found is None:
            pool_of(store)
            found = _recorders[store.home.root] = Recorder(store)
        return found


def end_recorders() -> None:
    """Bring to their end what the recorders of every home do, and forget them."""
    with _making:
        recorders = list(_recorders.values())
        _recorders.clear()
    for recorder in recorders:
        recorder.close()


# Registered after the pools' end, which therefore comes later: what is under way needs the workers.
atexit.register(end_recorders)
