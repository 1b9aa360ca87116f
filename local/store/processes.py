"""Names for processes that tell a reused id apart, so that a record can say later whether its process still runs."""

from __future__ import annotations

import functools
import os
import socket
from pathlib import Path

_PROC = Path("/proc")
_START_FIELD = 19  # Counted after the command's closing parenthesis; see proc(5), /proc/pid/stat, field 22.


def this_process() -> str:
    """Return this process's name as the owner of a lease."""
    return process_name(os.getpid())


def process_name(pid: int) -> str:
    """Return `PID:START@HOST` for a running process, where START is the system's own mark of when it started.

    Raises:
        ProcessLookupError: there is no such process.
    """
    mark = _mark(pid)
    if mark is None:
        message = f"There is no process {pid}."
        raise ProcessLookupError(message)
    return f"{pid}:{mark}@{_host()}"


def process_alive(name: str) -> bool:
    """Say whether the process that `process_name` named still runs on this machine (a zombie does not)."""
    pid, mark = process_parts(name)
    return pid is not None and is_local(name) and _mark(pid) == mark


def is_local(name: str) -> bool:
    """Say whether the named process belongs to this machine, so that its life can be looked up here."""
    return name.rpartition("@")[2] == _host()


def process_parts(name: str) -> tuple[int | None, str]:
    """Return the process id in a name (None where the name holds none) and the mark of its start."""
    pid, _, rest = name.partition(":")
    return (int(pid) if pid.isdecimal() else None), rest.rpartition("@")[0]


def _mark(pid: int) -> str | None:
    """Return the mark of a living process's start; None for one that has ended."""
    if _PROC.joinpath("self/stat").exists():
        return _linux_mark(pid)
    # Imported here: it takes longer than the rest of an engine's start, and Linux does without.
    import psutil  # noqa: PLC0415

    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else f"{process.create_time():.2f}"
    except (psutil.NoSuchProcess, ValueError, OverflowError):
        return None


def _linux_mark(pid: int) -> str | None:
    try:
        text = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    fields = text.rpartition(")")[2].split()
    return None if fields[0] in ("Z", "X") else fields[_START_FIELD]


@functools.cache
def _host() -> str:
    return socket.gethostname()
