"""The line to whoever started the worker: when that ends, however it came to its end, so does the worker."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from pathlib import Path

OWNER = "owner"
"""The name of the line's socket, beside the worker's."""
OWNER_SECONDS = 60.0
"""How long the owner may take to be there."""


def end_with_owner(path: Path, end: Callable[[], None]) -> None:
    """Listen on a path for the owner, and call `end` once it is gone, or where it never came."""
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(path))
    listening.listen(1)
    listening.settimeout(OWNER_SECONDS)
    threading.Thread(target=_wait, args=(listening, end), name="owner", daemon=True).start()


def _wait(listening: socket.socket, end: Callable[[], None]) -> None:
    with contextlib.suppress(OSError), listening:
        line, _ = listening.accept()
        with line:
            line.settimeout(None)
            while line.recv(64):
                pass
    end()
