"""What is counted of requests, in CloudWatch's names. Source: SageMaker Developer Guide, 'Metrics for monitoring'.

Requests only add to numbers in memory; a thread adds those to the home's sums, so that every process sees them all.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from bisect import bisect_left

from local.hosting.exchange import Exchange
from local.store.metrics import Key
from local.store.store import Store

INVOCATIONS, PER_INSTANCE = "Invocations", "InvocationsPerInstance"
CLIENT_ERRORS, SERVER_ERRORS = "Invocation4XXErrors", "Invocation5XXErrors"
MODEL_LATENCY, OVERHEAD_LATENCY = "ModelLatency", "OverheadLatency"
COUNTS = (INVOCATIONS, PER_INSTANCE, CLIENT_ERRORS, SERVER_ERRORS)
LATENCIES = (MODEL_LATENCY, OVERHEAD_LATENCY)
# Upper ends of a latency's buckets, in microseconds.
BOUNDS = (250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 10_000_000)
FLUSH_SECONDS = 0.2


def bucket(metric: str, bound: float) -> str:
    """Return the name under which what is at most a bound is summed."""
    return f"{metric}<{bound:g}" if bound != float("inf") else f"{metric}<inf"


class Metrics:
    """This process's part of the sums of one home; safe to use from several threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._sums: dict[Key, float] = {}
        self._lock = threading.Lock()
        self._there = threading.Event()
        self._thread: threading.Thread | None = None

    def observe(self, exchange: Exchange) -> None:
        """Count a request."""
        model = exchange.model_seconds * 1e6
        found = {INVOCATIONS: 1.0, PER_INSTANCE: 1.0 / max(1, exchange.instances)}
        found[CLIENT_ERRORS] = float(400 <= exchange.status < 500)
        found[SERVER_ERRORS] = float(exchange.status >= 500)
        for metric, value in ((MODEL_LATENCY, model), (OVERHEAD_LATENCY, max(0.0, exchange.seconds * 1e6 - model))):
            place = bisect_left(BOUNDS, value)
            found[metric] = value
            found[bucket(metric, BOUNDS[place] if place < len(BOUNDS) else float("inf"))] = 1.0
        with self._lock:
            for name, value in found.items():
                key = (exchange.endpoint, exchange.variant, exchange.config, name)
                self._sums[key] = self._sums.get(key, 0.0) + value
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, name="metrics", daemon=True)
                self._thread.start()
        self._there.set()

    def flush(self) -> None:
        """Add what was counted to the home's sums."""
        with self._lock:
            taken, self._sums = self._sums, {}
        if taken:
            self._store.metrics.add(taken)

    def end(self) -> None:
        """End the thread; the next request starts another."""
        self._thread = None
        self._there.set()

    def _serve(self) -> None:
        pause = threading.Event()
        while self._thread is threading.current_thread():
            self._there.wait()
            pause.wait(FLUSH_SECONDS)
            self._there.clear()
            # A home that was taken away, or a full disk: requests are answered all the same.
            with contextlib.suppress(sqlite3.Error):
                self.flush()
