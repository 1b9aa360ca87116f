"""One worker process: started in a folder of its own, healthy once it can be connected to, asked over its socket."""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from local.hosting.connection import Reply, Request, UnixConnection
from local.hosting.containers import PROGRAM, SUBMIT_DIRECTORY, Container
from local.hosting.errors import HostingError, WorkerEndedError
from local.hosting.places import new_rendezvous
from local.jobs.environment import base_environment
from local.jobs.errors import JobError
from local.jobs.images import read_image
from local.jobs.inputs import deliver
from local.jobs.log import explain_exit, note
from local.jobs.messages import read_message
from local.jobs.own_images import hosting_environment_of
from local.jobs.process import JobProcess
from local.jobs.sandbox import Sandbox
from local.store.objects import ObjectError, split_uri
from local.store.store import Store
from local.store.trees import regular_files

INSIDE = "/opt/ml"
START_SECONDS = float(os.environ.get("SAGELINE_MODEL_START_SECONDS", "120"))
ANSWER_SECONDS = 60.0
_LOOK_SECONDS = 0.005
_ENDING_SECONDS = 1.0
_ROOT = Path(__file__).resolve().parents[2]
# The project comes last on the path: the code inside an archive has packages of the same names.
_START = f"import sys;sys.path.append({str(_ROOT)!r});from local.hosting.worker.__main__ import main;main(sys.argv[1:])"
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
        self._lifeline: UnixConnection | None = None
        self._offset = 0
        self._busy = 0
        self._retired = False

    def start(self, seconds: float = START_SECONDS) -> None:
        """Start the process and wait until the model answers.

        Raises:
            HostingError: with the one cause why the model is not served.
        """
        try:
            arguments = self._prepare()
            self._offset = self.log.stat().st_size if self.log.exists() else 0
            self._process = _starter.submit(self._launch, arguments).result()
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
            connections = [*self._idle, *([self._lifeline] if self._lifeline is not None else [])]
            self._idle, self._lifeline = [], None
        for connection in connections:
            connection.close()
        if self._process is not None:
            self._process.kill()
            while self._process.poll() is None:
                time.sleep(_LOOK_SECONDS)
        for folder in (self._folder, self._rendezvous):
            shutil.rmtree(folder, ignore_errors=True)

    def _prepare(self) -> list[str]:
        """Fill the folder, and return the worker's arguments with the container's paths."""
        for name in ("opt/ml/model", "opt/ml/code", "tmp"):
            (self._folder / name).mkdir(parents=True, exist_ok=True)
        arguments = ["--toolkit", self.container.toolkit, "--socket", str(self._socket)]
        arguments += ["--model", f"{INSIDE}/model", "--code", f"{INSIDE}/code"]
        arguments += ["--failure", str(self._failure), "--folder", str(self._folder)]
        if self.container.data and self.container.packed:
            arguments += ["--archive", str(self._object(self.container.data))]
        elif self.container.data:
            deliver(self._store.objects, self.container.data, self._root / "model", "The model's data")
        submitted = self._submitted()
        return [*arguments, *(["--submitted", submitted] if submitted else [])]

    def _submitted(self) -> str:
        """Return where the code lies if not in the model archive: as it is inside, or brought from S3."""
        environment = dict(self.container.environment)
        directory = environment.get(SUBMIT_DIRECTORY, "").removeprefix("file://")
        if not environment.get(PROGRAM) or not directory.startswith("s3://"):
            return directory
        place = self._folder / "submitted"
        deliver(self._store.objects, directory, place, "The code archive")
        files = regular_files(place)
        return str(place / files[0] if len(files) == 1 else place)

    def _object(self, uri: str) -> Path:
        path = self._store.objects.path(*split_uri(uri))
        if not path.is_file():
            message = f"there is no model archive at {uri}."
            raise JobError(message)
        return path

    def _launch(self, arguments: list[str]) -> JobProcess:
        environment = {
            **base_environment(self._folder, threads=1),
            "SM_MODEL_DIR": f"{INSIDE}/model",
            **dict(self.container.environment),
            **hosting_environment_of(read_image(self.container.image)),
            "OMP_NUM_THREADS": "1",
        }
        argv = ["python3", "-c", _START, *arguments]
        return self._sandbox.launch(argv, environment, {INSIDE: self._root}, directory=INSIDE, log=self.log)

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
        self._lifeline = UnixConnection(self._socket, None)
        self._lifeline.connect()
        self._lifeline.putrequest("GET", "/lifeline")
        self._lifeline.endheaders()
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
        told = read_message(self._failure)
        if told is not None:
            return f"The model {self.container.model} cannot be served: {' '.join(told.split())}"
        return f"The model {self.container.model} cannot be served: {explain_exit(code or 0, self.log, self._offset)}"

    def _ending(self, error: Exception) -> HostingError:
        """Return what to say of a broken connection; the process that broke it may be ending only now."""
        deadline = time.monotonic() + _ENDING_SECONDS
        while self.alive and time.monotonic() < deadline:
            time.sleep(_LOOK_SECONDS)
        if self.alive or self._process is None:
            return HostingError(f"The connection to the model {self.container.model} broke ({type(error).__name__}).")
        note(self.log, "The worker ended while it was to answer a request.")
        why = explain_exit(self._process.poll() or 0, self.log, self._offset)
        return WorkerEndedError(f"The process of the model {self.container.model} ended: {why}")

    @property
    def _root(self) -> Path:
        return self._folder / "opt" / "ml"

    @property
    def _failure(self) -> Path:
        return self._folder / "failure"
