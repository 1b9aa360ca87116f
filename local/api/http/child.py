"""A server of this process's own, for the programs that it starts: functions and jobs reach the same home by it."""

from __future__ import annotations

import atexit
import contextlib
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from local.store.home import Home
from local.store.waiting import readable

START_SECONDS = 30.0
END_SECONDS = 3.0
_ROOT = Path(__file__).resolve().parents[3]
_LOG = "api-server.log"


class ServerError(RuntimeError):
    """The server did not start; the message says where its words are."""


@dataclass(frozen=True)
class _Running:
    process: subprocess.Popen[bytes]
    url: str


_servers: dict[tuple[int, Path], _Running] = {}
_starting = threading.Lock()


def ensure(home: Path) -> str:
    """Return the URL of a server of `home` that lives as long as this process; started when first asked for.

    Raises:
        ServerError: it did not start.
    """
    root = Home.find(home).root
    # The process id too: after a fork, the parent's server is not the child's to lean on.
    key = (os.getpid(), root)
    with _starting:
        found = _servers.get(key)
        if found is not None and found.process.poll() is not None:
            _let_go(found.process)
            found = None
        if found is None:
            found = _servers[key] = _start(root)
    return found.url


def end_all() -> None:
    """End this process's servers. They end with the process anyhow; this waits until they have."""
    with _starting:
        running = [_servers.pop(key) for key in list(_servers) if key[0] == os.getpid()]
    for each in running:
        _let_go(each.process)
    for each in running:
        with contextlib.suppress(subprocess.TimeoutExpired):
            each.process.wait(END_SECONDS)


def _start(root: Path) -> _Running:
    root.mkdir(parents=True, exist_ok=True)
    log = root / _LOG
    with log.open("ab") as words:
        process = subprocess.Popen(
            [sys.executable, "-m", "local.api.http", "--home", str(root)],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=words,
            # A Ctrl-C at the terminal is for the parent; this server ends after it, by its standard input.
            start_new_session=True,
        )
    url = _first_line(process)
    if not url.startswith("http://"):
        process.kill()
        process.wait()
        _let_go(process)
        message = f"The local API's server did not start. Its last words are in {log}."
        raise ServerError(message)
    return _Running(process, url)


def _let_go(process: subprocess.Popen[bytes]) -> None:
    """Close the ends of a server's pipes; one that runs ends by that."""
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


def _first_line(process: subprocess.Popen[bytes]) -> str:
    """Return the line that the server prints once it listens; empty where none comes in time."""
    assert process.stdout is not None  # noqa: S101 - it was asked for
    deadline = time.monotonic() + START_SECONDS
    line = b""
    while not line.endswith(b"\n"):
        piece = os.read(process.stdout.fileno(), 4096) if readable(process.stdout, deadline - time.monotonic()) else b""
        if not piece:
            return ""
        line += piece
    return line.decode().strip()


atexit.register(end_all)
