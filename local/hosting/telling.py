"""Tells a person at a terminal what endpoints are asked: a line for each variant every few seconds, none in silence."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from datetime import datetime

from local.hosting.exposition import summary
from local.store.store import Store

SECONDS = 5.0


def tell_requests(store: Store, tell: Callable[[str], object], seconds: float = SECONDS) -> None:
    """Tell from now on, in a thread that ends with the process."""
    threading.Thread(target=_tell, args=(store, tell, seconds), name="telling", daemon=True).start()


def _tell(store: Store, tell: Callable[[str], object], seconds: float) -> None:
    before = store.metrics.all()
    while True:
        time.sleep(seconds)
        try:
            now = store.metrics.all()
        except sqlite3.Error:
            continue
        for line in summary(before, now):
            tell(f"{datetime.now().astimezone():%H:%M:%S} {line}")
        before = now
