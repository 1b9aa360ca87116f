"""Programs that do what is left to do in a home after whoever asked for it has gone: one of each kind at a time."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path

from local.store.processes import process_name
from local.store.store import Store

_ROOT = Path(__file__).resolve().parents[2]
# Kept so that ended programs are waited for and leave no zombies in a client that lives long.
_started: list[subprocess.Popen[bytes]] = []


def reap() -> None:
    """Let go of programs that have ended."""
    _started[:] = [process for process in _started if process.poll() is None]


def start(store: Store, module: str, log: str, lease: str) -> None:
    """Start `python -m MODULE --home HOME` in a session of its own, with the lease in its name."""
    with (store.home.root / log).open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", module, "--home", str(store.home.root)],
            cwd=_ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    _started.append(process)
    # In its name, so that nobody starts another one before it takes the lease itself.
    with contextlib.suppress(ProcessLookupError):
        store.leases.claim(lease, process_name(process.pid), time.time())
