"""Programs of our own that go on when whoever started them ends: engines, jobs, and what is left to do in a home."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from local.store.processes import process_name

_ROOT = Path(__file__).resolve().parents[2]
# Kept so that ended programs are waited for and leave no zombies in a client that lives long.
_started: list[subprocess.Popen[bytes]] = []


def reap() -> None:
    """Let go of programs that have ended."""
    _started[:] = [process for process in _started if process.poll() is None]


def start(module: str, home: Path, *words: str, log: Path) -> str | None:
    """Start `python -m MODULE --home HOME WORDS…` in a session of its own, its output in `log`.

    Returns the process's name, as `process_name` gives it; None where it has ended already.
    """
    reap()
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", module, "--home", str(home), *words],
            cwd=_ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    _started.append(process)
    try:
        return process_name(process.pid)
    except ProcessLookupError:
        return None
