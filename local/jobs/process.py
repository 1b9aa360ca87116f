"""A job's process: a session of its own, output to a log, ended as a group, never outliving its engine unseen."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from local.jobs.errors import JobError
from local.store.processes import process_name

_PR_SET_PDEATHSIG = 1


class JobProcess:
    """A running program, its children included."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self.pid = process.pid
        try:
            self.name: str | None = process_name(process.pid)
        except ProcessLookupError:
            self.name = None  # It has ended already.

    @classmethod
    def start(
        cls,
        argv: Sequence[str],
        environment: Mapping[str, str],
        directory: Path,
        log: Path,
        enter: Callable[[], None] | None = None,
    ) -> JobProcess:
        """Start a program. The caller's thread must live as long as the program may: its end is the program's.

        `enter` is called in the child before it becomes the program, and may do no more than system calls.

        Raises:
            JobError: the program cannot be started.
        """
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output, warnings.catch_warnings():
            # Python 3.12 warns of forks beside threads; the child does nothing there but one system call.
            warnings.simplefilter("ignore", DeprecationWarning)
            try:
                process = subprocess.Popen(
                    list(argv),
                    env=dict(environment),
                    cwd=directory,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    preexec_fn=_before_exec(enter),  # noqa: PLW1509 - see above
                )
            except (OSError, ValueError, subprocess.SubprocessError) as error:
                message = f"The program {argv[0]} cannot be started: {error}."
                raise JobError(message) from error
        return cls(process)

    def poll(self) -> int | None:
        """Return the exit code once the program has ended (negative for a signal), else None."""
        if self._process.returncode is None and self._has_ended():
            # What it started ends with it, as a container's processes do. Its id stays taken until it is waited for.
            self._signal(signal.SIGKILL)
            self._process.wait()
        return self._process.returncode

    def _has_ended(self) -> bool:
        if hasattr(os, "waitid"):
            return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
        return self._process.poll() is not None

    def terminate(self) -> None:
        """Ask the program and what it started to end."""
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the program and what it started."""
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)


def _before_exec(enter: Callable[[], None] | None) -> Callable[[], None] | None:
    """Return what the child does before it becomes the program: ask to be killed when its parent ends (Linux)."""
    if _libc is None:
        return enter
    parent, prctl = os.getpid(), _libc.prctl

    def die_with_parent() -> None:
        if enter is not None:
            try:
                enter()
            except OSError as error:
                # The parent learns that it failed, and not why: the log says it.
                os.write(2, f"[sageline] The job's folders cannot be shown to it: {error}\n".encode())
                raise
        # After it: the wish is forgotten with a change of credentials.
        prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return die_with_parent


_libc = ctypes.CDLL(None) if sys.platform == "linux" else None
