"""`sageline serve`, as a process of its own: the laptop's AWS on a port."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.command import ROOT, SAGELINE, environment


@contextmanager
def served(home: Path) -> Iterator[str]:
    """Serve a home until the block ends; gives the URL."""
    with subprocess.Popen(
        [*SAGELINE, "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
        env={**environment(home), "PYTHONUNBUFFERED": "1"},
    ) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().split()[0]
        finally:
            server.send_signal(signal.SIGTERM)
