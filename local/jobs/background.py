"""Work that would hold up the engine's loop (copying, hashing, packing), done by a few threads that wake it after."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Generic, TypeVar

T = TypeVar("T")

MAX_THREADS = 4


class Task(Generic[T]):
    """Work under way: `done` turns true once, then `result` gives its value or raises what it raised."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._value: T | None = None
        self._error: BaseException | None = None
        self.done = False

    def run(self) -> None:
        """Do the work; whatever it raises is kept for `result`."""
        try:
            self._value = self._work()
        except BaseException as error:  # noqa: BLE001 - it belongs to whoever asks for the result
            self._error = error
        self.done = True

    def result(self) -> T:
        """Return the value of finished work."""
        if not self.done:
            message = "The work is still under way."
            raise RuntimeError(message)
        if self._error is not None:
            raise self._error
        return self._value  # type: ignore[return-value] # it was set when the work ended without an error


class Background:
    """A few threads, started when there is work; `wake` is called from them after each piece."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._queue: SimpleQueue[Task[object]] = SimpleQueue()
        self._threads = 0
        self._pending = 0
        self._lock = threading.Lock()

    def run(self, work: Callable[[], T]) -> Task[T]:
        """Start work as soon as a thread is free."""
        task = Task(work)
        with self._lock:
            self._pending += 1
            if self._pending > self._threads and self._threads < MAX_THREADS:
                self._threads += 1
                # A daemon, so that an engine that lets go is not held back by a copy nobody will use.
                threading.Thread(target=self._serve, name=f"background-{self._threads}", daemon=True).start()
        self._queue.put(task)  # type: ignore[arg-type] # the queue does not look at what a task gives
        return task

    def _serve(self) -> None:
        while True:
            self._queue.get().run()
            with self._lock:
                self._pending -= 1
            self._wake()
