from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[3]
ROW = b"9.5,red,\n"


@dataclass
class Running:
    """A server under test."""

    process: subprocess.Popen[str]
    port: int

    def ask(
        self,
        body: bytes = ROW,
        kind: str = "text/csv",
        method: str = "POST",
        path: str = "/invocations",
        **headers: str,
    ) -> tuple[int, dict[str, str], bytes]:
        """Send a request on a connection of its own; returns status, headers by lower-case name, and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            given = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, {"Content-Type": kind, **given})
            reply = connection.getresponse()
            return reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read()
        finally:
            connection.close()

    def error(self, *arguments: Any, **more: Any) -> tuple[int, str]:
        """The status and the sentence of an answer that is an error."""
        status, _, body = self.ask(*arguments, **more)
        return status, json.loads(body)["error"]

    def ping(self) -> float:
        """The seconds that GET /ping takes."""
        began = time.perf_counter()
        assert self.ask(b"", method="GET", path="/ping")[0] == 200
        return time.perf_counter() - began

    def connect(self) -> socket.socket:
        """A plain connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def workers(self) -> list[int]:
        """The ids of the worker processes."""
        return [child.pid for child in psutil.Process(self.process.pid).children()]


def start(model: Path, *arguments: str, **environment: str) -> Running:
    """Start a server, whether its model can be served or not."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    argv = [sys.executable, "-W", "error", "-m", "inference.server", "--model-dir", str(model), "--port", str(port)]
    process = subprocess.Popen(
        [*argv, *(arguments or ("--workers", "1"))],
        cwd=ROOT,
        env={**os.environ, **environment},
        stderr=subprocess.PIPE,
        text=True,
    )
    return Running(process, port)


@contextlib.contextmanager
def serving(model: Path, *arguments: str, **environment: str) -> Iterator[Running]:
    """A server that answers, ended with SIGTERM."""
    running = start(model, *arguments, **environment)
    try:
        wait_for(running)
        yield running
    finally:
        running.process.send_signal(signal.SIGTERM)
        try:
            running.process.communicate(timeout=40)
        except subprocess.TimeoutExpired:
            running.process.kill()
            running.process.communicate()


def wait_for(running: Running) -> None:
    """Return once the server answers /ping."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with contextlib.suppress(ConnectionError):
            running.ping()
            return
        assert running.process.poll() is None
        time.sleep(0.02)
    message = "the server does not answer"
    raise AssertionError(message)


@pytest.fixture(scope="session")
def server(model_folders: dict[tuple[str, str], Path]) -> Iterator[Running]:
    with serving(model_folders["binary", "xgboost"]) as running:
        yield running
