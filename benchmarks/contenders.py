"""Servers that answer the same rows, each as a process that is started, measured and ended."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
PEERS = ROOT / ".venv-peers" / "bin"
_APPS = "benchmarks.serving_peers"
_UVICORN = ["--host", "127.0.0.1", "--no-access-log", "--log-level", "error"]


@dataclass(frozen=True)
class Contender:
    """A server; `{port}` stands in its arguments where the port belongs."""

    name: str
    argv: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    row: str = "row.csv"
    """The file with the row that it is asked: a raw one, or one of features."""
    reads_tables: bool = True
    silenced: bool = False
    """Whether it says something of each request, which nobody reads."""
    path: str = "/invocations"
    ready: str = "/ping"
    type: str = "text/csv"


@dataclass
class Running:
    """A server that answers, and the seconds until it did."""

    port: int
    ready: float
    process: psutil.Process
    path: str

    @property
    def url(self) -> str:
        """Where it takes rows."""
        return f"http://127.0.0.1:{self.port}{self.path}"

    def cpu(self) -> float:
        """The seconds of processor time that its processes have had."""
        processes = [self.process, *self.process.children(recursive=True)]
        return sum(sum(process.cpu_times()[:2]) for process in processes)

    def memory(self) -> float:
        """The megabytes of its largest process: the worker's."""
        processes = [self.process, *self.process.children(recursive=True)]
        found: list[int] = [process.memory_info().rss for process in processes]
        return max(found) / 1e6


def ours(model: Path, name: str = "inference.server", row: str = "row.csv") -> Contender:
    """The server of this project."""
    argv = (sys.executable, "-m", "inference.server", "--model-dir", str(model), "--port", "{port}", "--workers", "1")
    return Contender(name, argv, row=row, reads_tables=row == "row.csv")


def constant() -> Contender:
    """A constant reply on the same stack."""
    argv = (sys.executable, "-m", "uvicorn", *_UVICORN, "--port", "{port}", f"{_APPS}.constant_app:app")
    return Contender("uvicorn, a constant reply", argv, reads_tables=False)


def peers(model: Path) -> list[Contender]:
    """The servers of .venv-peers; none where that was not made."""
    if not (PEERS / "gunicorn").exists():
        return []
    gunicorn = (str(PEERS / "gunicorn"), "--worker-class", "gevent", "--workers", "1", "--log-level", "error")
    flask = (*gunicorn, "--bind", "127.0.0.1:{port}", f"{_APPS}.flask_app:app")
    fastapi = (str(PEERS / "uvicorn"), *_UVICORN, "--port", "{port}", f"{_APPS}.fastapi_app:app")
    quiet = {"BENCHMARK_MODEL": str(model), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    return [
        Contender("Flask, gunicorn, gevent", flask, quiet),
        Contender(
            "Flask, prepared rows",
            flask,
            {**quiet, "BENCHMARK_PREPARED": "1"},
            row="peers/prepared.csv",
            reads_tables=False,
        ),
        Contender("FastAPI", fastapi, quiet),
    ]


@contextlib.contextmanager
def running(contender: Contender) -> Iterator[Running]:
    """Start a server, wait until it answers /ping, and end it afterwards."""
    port = _free_port()
    argv = [argument.format(port=port) for argument in contender.argv]
    environment = {name: value.format(port=port) for name, value in contender.environment.items()}
    began = time.perf_counter()
    said = subprocess.DEVNULL if contender.silenced else None
    process = subprocess.Popen(argv, cwd=ROOT, env={**os.environ, **environment}, stdout=said, stderr=said)
    try:
        while not _answers(port, contender.ready):
            if process.poll() is not None or time.perf_counter() - began > 120:
                message = f"{contender.name} does not start: {' '.join(argv)}"
                raise SystemExit(message)
            time.sleep(0.005)
        taken = time.perf_counter() - began
        yield Running(port, taken, psutil.Process(process.pid), contender.path)
    finally:
        process.terminate()
        process.wait(40)


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
