"""One worker process: started in a folder of its own, healthy once it can be connected to, asked over its socket."""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from local.hosting.connection import Reply, Request, UnixConnection, connected
from local.hosting.containers import Container
from local.hosting.errors import HostingError, WorkerEndedError
from local.hosting.launching import FAILURE, launch, prepare
from local.hosting.places import new_rendezvous
from local.hosting.toolkits import OWN
from local.hosting.worker.owner import OWNER
from local.jobs.errors import JobError
from local.jobs.log import explain_exit, note
from local.jobs.messages import read_message
from local.jobs.process import JobProcess
from local.jobs.sandbox import Sandbox
from local.store.objects import ObjectError
from local.store.store import Store

START_SECONDS = float(os.environ.get("SAGELINE_MODEL_START_SECONDS", "120"))
ANSWER_SECONDS = 60.0
_LOOK_SECONDS = 0.005
_ENDING_SECONDS = 1.0
# A worker ends with the thread that started it: this one lives as long as the process.
_starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="workers")


class Worker:
    """A model container as a process."""

    def __init__(self, store: Store, container: Container, folder: Path, log: Path, sandbox: Sandbox) -> None:
        self.container = container
        self.log = log
        self._store = store
        self._folder = folder
        self._sandbox = sandbox
        self._rendezvous = new_rendezvous()
        self._socket = self._rendezvous / "worker"
        self._idle: list[UnixConnection] = []
        self._lock = threading.Lock()
        self._process: JobProcess | None = None
        self._line: socket.socket | None = None
        self._offset = 0
        self._busy = 0
        self._retired = False

    def start(self, seconds: float = START_SECONDS) -> None:
        """Start the process and wait until the model answers.

        Raises:
            HostingError: with the one cause why the model is not served.
        """
        try:
            arguments = prepare(self._store, self.container, self._folder, self._socket)
            self._offset = self.log.stat().st_size if self.log.exists() else 0
            launched = _starter.submit(launch, self.container, self._folder, arguments, self._sandbox, self.log)
            self._process = launched.result()
            self._await_health(time.monotonic() + seconds)
        except (JobError, ObjectError, OSError) as error:
            self.stop()
            message = f"The model {self.container.model} cannot be served: {error}"
            raise HostingError(message) from error
        except BaseException:
            self.stop()
            raise

    @property
    def alive(self) -> bool:
        """Say whether the process runs."""
        with self._lock:
            return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """The process's id."""
        return None if self._process is None else self._process.pid

    @property
    def busy(self) -> bool:
        """Say whether it is being asked."""
        return self._busy > 0

    def invoke(self, request: Request, seconds: float = ANSWER_SECONDS) -> Reply:
        """Ask the model.

        Raises:
            HostingError: the process ended, or did not answer in time.
        """
        connection = self._take(seconds)
        try:
            return self._asked(connection, request, seconds)
        finally:
            with self._lock:
                self._busy -= 1
                ends = self._retired and self._busy == 0
            if ends:
                self.stop()

    def _asked(self, connection: UnixConnection, request: Request, seconds: float) -> Reply:
        try:
            reply = connection.ask("POST", "/invocations", request.body, request.headers)
        except TimeoutError:
            connection.close()
            message = f"The model {self.container.model} did not answer within {seconds:g} seconds."
            raise HostingError(message) from None
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise self._ending(error) from error
        with self._lock:
            self._idle.append(connection)
        return reply

    def retire(self) -> None:
        """End the process once it has answered what it was asked."""
        with self._lock:
            self._retired = True
            ends = self._busy == 0
        if ends:
            self.stop()

    def stop(self) -> None:
        """End the process and remove what it had."""
        with self._lock:
            connections, self._idle = self._idle, []
            line, self._line = self._line, None
        for connection in connections:
            connection.close()
        if line is not None:
            line.close()
        if self._process is not None:
            self._process.kill()
            while self._process.poll() is None:
                time.sleep(_LOOK_SECONDS)
        for folder in (self._folder, self._rendezvous):
            shutil.rmtree(folder, ignore_errors=True)

    def _await_health(self, deadline: float) -> None:
        while True:
            if not self.alive:
                raise HostingError(self._cause())
            with contextlib.suppress(OSError, http.client.HTTPException):
                self._hold_on()
                return
            if time.monotonic() > deadline:
                message = f"The model {self.container.model} did not become healthy in time. Its log: {self.log}"
                raise HostingError(message)
            time.sleep(_LOOK_SECONDS)

    def _hold_on(self) -> None:
        """Take the line that the worker lives by, and have the model answer once; OSError while it is not ready."""
        if self._line is None:
            self._line = connected(self._socket.with_name(OWNER), None)
        first = UnixConnection(self._socket, START_SECONDS)
        first.ask("GET", "/ping")
        self._idle.append(first)

    def _take(self, seconds: float) -> UnixConnection:
        with self._lock:
            self._busy += 1
            connection = self._idle.pop() if self._idle else UnixConnection(self._socket, seconds)
        connection.timeout = seconds
        if connection.sock is not None:
            connection.sock.settimeout(seconds)
        return connection

    def _cause(self) -> str:
        code = self._process.poll() if self._process is not None else None
        told = read_message(self._folder / FAILURE)
        if told is not None:
            return f"The model {self.container.model} cannot be served: {' '.join(told.split())}"
        return f"The model {self.container.model} cannot be served: {explain_exit(code or 0, self.log, self._offset)}"

    def _ending(self, error: Exception) -> HostingError:
        """Return what to say of a broken connection; the process that broke it may be ending only now."""
        if self.container.toolkit == OWN and self.alive:
            # A process of its server may have ended, whose place another one takes; so have its other connections.
            with self._lock:
                broken, self._idle = self._idle, []
            for connection in broken:
                connection.close()
            return WorkerEndedError(f"A process of the model {self.container.model} ended before it answered.")
        deadline = time.monotonic() + _ENDING_SECONDS
        while self.alive and time.monotonic() < deadline:
            time.sleep(_LOOK_SECONDS)
        if self.alive or self._process is None:
            return HostingError(f"The connection to the model {self.container.model} broke ({type(error).__name__}).")
        note(self.log, "The worker ended while it was to answer a request.")
        why = explain_exit(self._process.poll() or 0, self.log, self._offset)
        return WorkerEndedError(f"The process of the model {self.container.model} ended: {why}")
