"""Sleeping until there is something to do: a child that ended, background work that is done, or time."""

from __future__ import annotations

import contextlib
import signal
import socket
import types

from local.store.waiting import readable


class Wakeup:
    """A pair of sockets: whoever has news writes a byte, the loop waits for one. Used by the main thread."""

    def __init__(self) -> None:
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)

    def watch_children(self) -> None:
        """Wake up whenever a child process ends."""
        signal.signal(signal.SIGCHLD, _ignore)
        signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)

    def wake(self) -> None:
        """Wake the loop up; safe from any thread."""
        # A full buffer or a closed socket: the loop has enough news, or is gone.
        with contextlib.suppress(OSError):
            self._writer.send(b"\0")

    def wait(self, seconds: float) -> None:
        """Sleep until woken, or for that long."""
        if readable(self._reader, seconds):
            with contextlib.suppress(BlockingIOError):
                while self._reader.recv(4096):
                    pass

    def close(self) -> None:
        """Release the sockets."""
        with contextlib.suppress(ValueError):
            signal.set_wakeup_fd(-1)
        self._reader.close()
        self._writer.close()


def _ignore(_number: int, _frame: types.FrameType | None) -> None:
    """Do nothing: that there is a handler makes the system's signal reach the wakeup socket."""
