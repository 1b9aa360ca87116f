"""Starts the workers, replaces those that die, and lets them finish on SIGTERM. It loads nothing of the model."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

READY = "ready"
UNSERVABLE = 3
DRAIN_SECONDS = 27.0
_SOON_SECONDS = 5.0
_LONGEST_PAUSE = 5.0
_ROOT = Path(__file__).resolve().parents[2]


class UnservableError(Exception):
    """The model cannot be served; the text is a whole sentence with the one cause."""


@dataclass
class _Worker:
    process: subprocess.Popen[bytes]
    line: socket.socket
    started: float
    ready: bool = False
    told: str = ""


@dataclass
class Supervisor:
    """Workers that answer on one listening socket."""

    model_dir: Path
    listening: socket.socket
    count: int
    _workers: list[_Worker] = field(default_factory=list)
    _early_deaths: int = 0
    _ending: bool = False

    def run(self) -> None:
        """Keep the workers running until SIGTERM or SIGINT.

        Raises:
            UnservableError: the model cannot be served; no worker is left.
        """
        with self._signals() as woken, selectors.DefaultSelector() as selector:
            selector.register(woken, selectors.EVENT_READ)
            pauses: list[float] = [0.0] * self.count
            try:
                while not self._ending:
                    now = time.monotonic()
                    for _ in [pause for pause in pauses if pause <= now]:
                        self._start(selector)
                    pauses = [pause for pause in pauses if pause > now]
                    wait = max(0.0, min(pauses) - now) if pauses else None
                    for key, _ in selector.select(wait):
                        if key.fileobj is woken:
                            woken.recv(64)
                        elif self._hear(key.data):
                            selector.unregister(key.fileobj)
                            pauses.append(time.monotonic() + self._bury(key.data))
            finally:
                self._end()

    def _start(self, selector: selectors.BaseSelector) -> None:
        ours, theirs = socket.socketpair()
        argv = [sys.executable, "-m", "inference.server.worker", "--model-dir", str(self.model_dir)]
        argv += ["--listening", str(self.listening.fileno()), "--line", str(theirs.fileno())]
        environment = {
            **os.environ,
            # One thread each: as many workers as cores share the machine, and threads that wait for each other do not.
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            # The C library then gives back what a large body took, instead of keeping it for the next one.
            "MALLOC_MMAP_THRESHOLD_": "262144",
            "MALLOC_TRIM_THRESHOLD_": "262144",
            "PYTHONPATH": os.pathsep.join([str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]),
        }
        with theirs:
            process = subprocess.Popen(argv, env=environment, pass_fds=(self.listening.fileno(), theirs.fileno()))
        worker = _Worker(process, ours, time.monotonic())
        self._workers.append(worker)
        selector.register(ours, selectors.EVENT_READ, worker)

    def _hear(self, worker: _Worker) -> bool:
        """Take in what a worker says; True where it says no more."""
        try:
            told = worker.line.recv(4096).decode(errors="replace")
        except OSError:
            told = ""
        worker.told += told
        if not worker.ready and worker.told.startswith(READY):
            worker.ready = True
            self._early_deaths = 0
        return not told

    def _bury(self, worker: _Worker) -> float:
        """Say that a worker ended; returns the seconds until another one is to start."""
        worker.line.close()
        code = worker.process.wait()
        self._workers.remove(worker)
        if code == UNSERVABLE:
            raise UnservableError(worker.told.strip() or "the model cannot be loaded.")
        if self._ending:
            return 0.0
        lived = time.monotonic() - worker.started
        self._early_deaths = self._early_deaths + 1 if lived < _SOON_SECONDS else 0
        how = f"by signal {-code}" if code < 0 else f"with exit code {code}"
        sys.stderr.write(f"inference.server: a worker ended {how}; another one takes its place.\n")
        return min(_LONGEST_PAUSE, 0.05 * 2.0 ** (self._early_deaths - 1)) if self._early_deaths > 1 else 0.0

    def _end(self) -> None:
        """Let the workers finish what they have begun, then end those that do not come to an end."""
        self.listening.close()
        for worker in self._workers:
            worker.process.terminate()
        deadline = time.monotonic() + DRAIN_SECONDS
        for worker in self._workers:
            with contextlib.suppress(subprocess.TimeoutExpired):
                worker.process.wait(max(0.0, deadline - time.monotonic()))
            if worker.process.poll() is None:
                worker.process.kill()
                worker.process.wait()
            worker.line.close()
        self._workers.clear()

    @contextlib.contextmanager
    def _signals(self) -> Iterator[socket.socket]:
        """A socket that can be read once a signal has come."""
        ours, theirs = socket.socketpair()
        theirs.setblocking(False)

        def end(number: int, frame: object) -> None:  # noqa: ARG001  # a signal handler's signature
            self._ending = True

        with ours, theirs:
            before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
            signal.set_wakeup_fd(theirs.fileno())
            try:
                yield ours
            finally:
                signal.set_wakeup_fd(-1)
                for number, handler in before.items():
                    signal.signal(number, handler)
