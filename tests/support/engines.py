"""Engines as processes of their own, forked from one that has loaded what they need.

An interpreter and its imports take longer than most of the executions that tests make. Tests that change the settings
in SAGELINE_ variables get engines as they are started otherwise, for some are read at the import.
"""

from __future__ import annotations

import atexit
import functools
import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.patience import looks

ROOT = Path(__file__).parents[2]
LOADED = (
    "local.engine.__main__",
    "local.jobs.archives",
    "local.jobs.processing",
    "local.jobs.training",
    "local.jobs.training_program",
    "local.tuning.runner",
)


@dataclass
class Engine:
    """A forked engine, as subprocess.Popen has one."""

    pid: int
    returncode: int | None = field(default=None)

    def poll(self) -> int | None:
        if self.returncode is None:
            self.returncode = _server().ask({"pid": self.pid})
        return self.returncode

    def wait(self, timeout: float = 60.0) -> int:
        for _ in looks(timeout):
            if (code := self.poll()) is not None:
                return code
        raise subprocess.TimeoutExpired("an engine", timeout)

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def start(home: Path, arn: str, log: Path) -> Engine | subprocess.Popen[bytes]:
    """Start an engine in a session of its own, its output appended to the log."""
    words = ["--home", str(home), arn]
    server = _server()
    if server.settings == _settings():
        return Engine(server.ask({"words": words, "environment": dict(os.environ), "log": str(log)}))
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "local.engine", *words],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


def _settings() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith("SAGELINE_")}


class _Server:
    def __init__(self) -> None:
        self.settings = _settings()
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.engines"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        atexit.register(self._process.communicate)

    def ask(self, what: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._lock:
            print(json.dumps(what), file=self._process.stdin, flush=True)
            return json.loads(self._process.stdout.readline())


@functools.cache
def _server() -> _Server:
    return _Server()


def serve() -> int:
    """Fork engines as lines on stdin say, and say how they have ended; in an engine, return its exit code."""
    for name in LOADED:
        __import__(name)
    for line in sys.stdin:
        asked = json.loads(line)
        if "pid" in asked:
            ended, status = os.waitpid(asked["pid"], os.WNOHANG)
            answer = os.waitstatus_to_exitcode(status) if ended else None
        else:
            answer = os.fork()
            if answer == 0:
                return _run(**asked)
        print(json.dumps(answer), flush=True)
    return 0


def _run(words: list[str], environment: dict[str, str], log: str) -> int:
    from local.engine.__main__ import main  # noqa: PLC0415 - only the server has it

    os.setsid()
    output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for new, old in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(new, old)
    os.close(nothing)
    os.close(output)
    os.environ.clear()
    os.environ.update(environment)
    return main(words)


if __name__ == "__main__":
    sys.exit(serve())
