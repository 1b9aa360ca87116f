"""One invocation of a function: a process of its own, its log, its deadline, and the result in the service's form."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from local.functions.manifest import Function
from local.jobs.errors import JobError
from local.jobs.leftovers import JOB_VARIABLE
from local.jobs.process import JobProcess
from local.store.names import REGION
from local.store.store import Store

_BOOTSTRAP = Path(__file__).with_name("bootstrap.py")
_NAMESPACE = uuid.UUID("6a0d2f5e-55a1-4c6b-9e1b-0c7a5e1f3b42")
# What Python needs of this machine to start. Everything else that a function sees is Lambda's or its own.
_KEPT = ("HOME", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")

# boto3 finds these and nothing else: no account of the user's is ever called.
AWS_ENVIRONMENT = {
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
    "AWS_ACCESS_KEY_ID": "laptop",
    "AWS_SECRET_ACCESS_KEY": "laptop",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}


@dataclass(frozen=True)
class Outcome:
    """How an invocation ended: its payload, or the service's error form with `errorMessage` and `errorType`."""

    payload: Any = None
    error: dict[str, Any] | None = None

    @property
    def reason(self) -> str:
        """The error as a sentence; "" where there is none."""
        if self.error is None:
            return ""
        kind, message = self.error.get("errorType"), str(self.error.get("errorMessage", "")).rstrip(".")
        return f"{kind}: {message}." if kind else f"{message}."


def request_id(seed: str) -> str:
    """Return the request id of the invocation that `seed` names: the same at every attempt to repeat it."""
    return str(uuid.uuid5(_NAMESPACE, seed))


class FunctionProcess:
    """A function under way. The thread that starts it must live as long as it may.

    It loads boto3 while the local API may still be starting, and runs once `go` says where that API is.
    """

    def __init__(self, store: Store, function: Function, event: Any, *, request: str) -> None:
        self._function = function
        self._request = request
        self._event = event
        self._deadline: float | None = None
        self._outcome: Outcome | None = None
        self._timed_out = False
        home = store.home.function(function.name)
        # Two processes may run the same request: one that was thought dead goes on.
        self.folder = home / "invocations" / f"{request}-{uuid.uuid4().hex[:8]}"
        self.stream, self.log = _stream(home, request)
        self.process: JobProcess | None = None
        try:
            self._start()
        except JobError as error:
            self._outcome = Outcome(error={"errorMessage": str(error), "errorType": "Runtime.Unknown"})

    @property
    def handle(self) -> dict[str, Any]:
        """What finds the invocation's process and folder again, to clear them away."""
        name = None if self.process is None else self.process.name
        return {"kind": "Function", "name": self._request, "folder": str(self.folder), "process": name}

    def poll(self) -> Outcome | None:
        """Return the outcome once there is one."""
        if self._outcome is None and self.process is not None:
            code = self.process.poll()
            if code is not None:
                self._outcome = self._read(code)
                shutil.rmtree(self.folder, ignore_errors=True)
            elif self._deadline is not None and time.monotonic() > self._deadline and not self._timed_out:
                self._timed_out = True
                self.process.kill()
        return self._outcome

    def wait(self) -> Outcome:
        """Return the outcome, however long it takes: at most the function's timeout."""
        pause = 0.002
        while (outcome := self.poll()) is None:
            time.sleep(pause)
            pause = min(2 * pause, 0.02)
        return outcome

    def kill(self) -> None:
        """End the function."""
        if self.process is not None:
            self.process.kill()

    def go(self, endpoint: str | None) -> None:
        """Let the function run, its boto3 pointed at the local API; None where there is no API to call."""
        function = self._function
        self._deadline = time.monotonic() + function.timeout
        invocation = {
            "event": self._event,
            "file": str(function.file),
            "root": str(function.root),
            "handler": function.handler,
            "name": function.name,
            "arn": function.arn,
            "request_id": self._request,
            "log_group": function.log_group,
            "log_stream": self.stream,
            "deadline": time.time() + function.timeout,
            # Port 9 is nobody's: without an API a call fails at once instead of going out.
            "environment": {"AWS_ENDPOINT_URL": endpoint or "http://127.0.0.1:9"},
        }
        if self.process is not None:
            partly = self.folder / "invocation.json.partly"
            partly.write_text(json.dumps(invocation), encoding="utf-8")
            partly.replace(self.folder / "invocation.json")

    def _start(self) -> None:
        (self.folder / "tmp").mkdir(parents=True)
        argv = [sys.executable, "-P", str(_BOOTSTRAP), str(self.folder)]
        self.process = JobProcess.start(argv, self._environment(), self._function.root, self.log)

    def _environment(self) -> dict[str, str]:
        function = self._function
        return {
            **{name: os.environ[name] for name in _KEPT if name in os.environ},
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.defpath]),
            **function.environment,
            **AWS_ENVIRONMENT,
            "AWS_LAMBDA_FUNCTION_NAME": function.name,
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
            "AWS_LAMBDA_LOG_GROUP_NAME": function.log_group,
            "AWS_LAMBDA_LOG_STREAM_NAME": self.stream,
            "AWS_EXECUTION_ENV": f"AWS_Lambda_python{sys.version_info.major}.{sys.version_info.minor}",
            "LAMBDA_TASK_ROOT": str(function.root),
            "_HANDLER": function.handler,
            "TMPDIR": str(self.folder / "tmp"),
            "TZ": ":UTC",
            "PYTHONUNBUFFERED": "1",
            "PYTHONNOUSERSITE": "1",
            # Threads of numerical libraries are of no use here, and cost their start.
            "OMP_NUM_THREADS": "1",
            JOB_VARIABLE: str(self.folder),
        }

    def _read(self, code: int) -> Outcome:
        try:
            result = json.loads((self.folder / "result.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            result = {"error": self._end_without_result(code)}
        return Outcome(payload=result.get("payload"), error=result.get("error"))

    def _end_without_result(self, code: int) -> dict[str, Any]:
        if self._timed_out:
            message = f"{self._request} Task timed out after {self._function.timeout:.2f} seconds"
            return {"errorMessage": message, "errorType": "Sandbox.Timedout"}
        how = f"signal: {-code}" if code < 0 else f"exit status {code}"
        message = f"RequestId: {self._request} Error: Runtime exited with error: {how}"
        return {"errorMessage": message, "errorType": "Runtime.ExitError"}


def _stream(home: Path, request: str) -> tuple[str, Path]:
    """Return the name of the invocation's log stream, as Lambda makes them, and its file."""
    day = datetime.now(UTC).strftime("%Y/%m/%d")
    instance = hashlib.sha256(request.encode()).hexdigest()[:32]
    return f"{day}/[$LATEST]{instance}", home / "logs" / f"{day.replace('/', '-')}-{instance}.log"
