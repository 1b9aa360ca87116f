from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.inference.server.conftest import Running, serving, start, wait_for

_BEGUN = b"POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nContent-Type: text/csv\r\n\r\n9.5,"

Folders = dict[tuple[str, str], Path]


@pytest.fixture
def model(model_folders: Folders, tmp_path: Path) -> Path:
    copy = tmp_path / "model"
    shutil.copytree(model_folders["binary", "linear"], copy)
    return copy


def refused(model: Path) -> str:
    """What a server says of a model that it does not serve; it was never healthy, and prints no traceback."""
    running = start(model)
    healthy = False
    while running.process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", running.port), timeout=1).close()
            healthy = True
        except OSError:
            time.sleep(0.02)
    _, told = running.process.communicate()
    assert not healthy
    assert running.process.returncode == 1
    assert "Traceback" not in told
    # What was compiled of a model that has been changed is named before.
    (cause,) = [line for line in told.splitlines() if "compiled model is not used" not in line]
    return cause


def _rewrite(name: str, content: bytes | None) -> Callable[[Path], None]:
    """A change to a file that the manifest agrees with."""

    def change(folder: Path) -> None:
        if content is not None:
            (folder / name).write_bytes(content)
        manifest = json.loads((folder / "manifest.json").read_text())
        manifest["files"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        (folder / "manifest.json").write_text(json.dumps(manifest))

    return change


def _samples(folder: Path) -> None:
    content = json.loads((folder / "samples.json").read_text())
    content["predictions"][3]["score"] = 1 - content["predictions"][3]["score"]
    _rewrite("samples.json", json.dumps(content).encode())(folder)


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        (lambda folder: (folder / "linear.json").write_bytes(b"{}"), "linear.json in the archive is not what its"),
        (lambda folder: (folder / "manifest.json").unlink(), "the archive has no manifest.json"),
        (shutil.rmtree, "the archive has no manifest.json"),
        (_rewrite("linear.json", b"[" * 100_000), "RecursionError"),
        (_rewrite("linear.json", b"\xff\x00"), "linear.json cannot be read as JSON"),
        (_rewrite("features.json", b"{}"), "features.json has format version None"),
        (_rewrite("samples.json", b"3"), "samples.json does not hold rows and predictions"),
        (_samples, "answers sample row 4 otherwise than in training"),
    ],
)
def test_a_corrupt_archive_is_never_healthy(model: Path, change: Callable[[Path], None], cause: str) -> None:
    change(model)
    assert cause in refused(model)


def test_a_worker_that_is_killed_is_replaced_and_the_next_request_is_fine(model: Path) -> None:
    with serving(model, "--workers", "1") as running:
        (before,) = running.workers()
        with running.connect() as connection:
            connection.sendall(_BEGUN)
            time.sleep(0.1)
            os.kill(before, signal.SIGKILL)
            assert connection.recv(100) == b""
        # Nobody listens meanwhile, yet the socket is there: the request waits for the new worker.
        assert running.ask()[0] == 200
        assert running.workers() != [before]


def test_workers_end_with_their_supervisor(model: Path) -> None:
    running = start(model, "--workers", "2")
    wait_for(running)
    workers = running.workers()
    running.process.kill()
    running.process.communicate()
    deadline = time.monotonic() + 20
    while any(map(psutil.pid_exists, workers)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [worker for worker in workers if psutil.pid_exists(worker)] == []


def test_sigterm_lets_requests_that_have_begun_come_to_their_end(model: Path) -> None:
    running = start(model)
    wait_for(running)
    statuses: list[bytes] = []

    def ask_slowly() -> None:
        with running.connect() as connection:
            connection.sendall(_BEGUN)
            began.set()
            time.sleep(0.5)
            connection.sendall(b"red,\n")
            statuses.append(connection.recv(4096))

    began = threading.Event()
    asking = threading.Thread(target=ask_slowly)
    asking.start()
    began.wait()
    time.sleep(0.2)
    running.process.send_signal(signal.SIGTERM)
    asking.join()
    _, told = running.process.communicate(timeout=30)
    assert statuses[0].startswith(b"HTTP/1.1 200 ")
    assert (running.process.returncode, told) == (0, "")
    with pytest.raises(OSError, match="refused"):
        running.connect()


def test_a_port_that_is_taken_is_named(model: Path, server: Running) -> None:
    running = start(model, "--port", str(server.port))
    _, told = running.process.communicate(timeout=30)
    assert running.process.returncode == 2
    assert told.startswith(f"inference.server: port {server.port} of 127.0.0.1 cannot be listened on")
