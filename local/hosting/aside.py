"""Threads for what nobody waits for. They never hold up a request: what comes while too much waits is refused."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable

_LOOK_SECONDS = 0.01


class Aside:
    """Does work in a few threads, started when there is some; at most `most` pieces wait."""

    def __init__(self, name: str, threads: int, most: int) -> None:
        self._name = name
        self._threads = threads
        self._most = most
        self._waiting: deque[Callable[[], None]] = deque()
        self._changed = threading.Condition()
        self._started = 0
        self._idle = 0
        self._open = 0

    def offer(self, work: Callable[[], None]) -> bool:
        """Take work; False where too much waits already."""
        with self._changed:
            if len(self._waiting) >= self._most:
                return False
            self._waiting.append(work)
            self._open += 1
            self._changed.notify()
            if len(self._waiting) > self._idle and self._started < self._threads:
                self._started += 1
                # A daemon: a process is not held back by what nobody waits for.
                threading.Thread(target=self._serve, name=f"{self._name}-{self._started}", daemon=True).start()
        return True

    def finish(self, seconds: float) -> bool:
        """Wait until nothing is left to do; False where that takes longer than `seconds`."""
        deadline = time.monotonic() + seconds
        while self._open:
            if time.monotonic() > deadline:
                return False
            time.sleep(_LOOK_SECONDS)
        return True

    def _serve(self) -> None:
        while True:
            with self._changed:
                self._idle += 1
                while not self._waiting:
                    self._changed.wait()
                self._idle -= 1
                work = self._waiting.popleft()
            # Whoever is interested in a failure notes it in the work itself.
            with contextlib.suppress(Exception):
                work()
            with self._changed:
                self._open -= 1
