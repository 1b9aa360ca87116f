"""How hosts learn where to meet: the leading one answers at one of a few ports that all of them know.

An answer goes to those alone who ask for the same job: on a laptop many jobs share one address.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Sequence

from inference.job import JobError

_TIMEOUT = 5.0
_MOST_BYTES = 4096
_PAUSE = 0.05


def offer(address: str, ports: Sequence[int], job: str, answer: str, askers: int) -> int:
    """Answer as many hosts as will ask, in the background; returns the port. JobError where every port is taken."""
    listener = _bound(address, ports)
    port: int = listener.getsockname()[1]
    threading.Thread(target=_serve, args=(listener, job, answer, askers), daemon=True).start()
    return port


def ask(address: str, ports: Sequence[int], job: str, seconds: float) -> str:
    """What the leading host answers; JobError where none does within the time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for port in ports:
            with contextlib.suppress(OSError), socket.create_connection((address, port), _TIMEOUT) as connection:
                connection.sendall(f"{job}\n".encode())
                with connection.makefile("r", encoding="utf-8") as reader:
                    answer = reader.readline(_MOST_BYTES)
                if answer.endswith("\n"):
                    return answer
        time.sleep(_PAUSE)
    raise JobError(f"the leading host was not heard of within {seconds:g} seconds; look at its log.")


def _bound(address: str, ports: Sequence[int]) -> socket.socket:
    for port in ports:
        with contextlib.suppress(OSError):
            return socket.create_server((address, port))
    raise JobError(f"the ports {ports[0]} to {ports[-1]} are all taken; start the job again.")


def _serve(listener: socket.socket, job: str, answer: str, askers: int) -> None:
    with listener:
        while askers:
            connection, _ = listener.accept()
            with contextlib.suppress(OSError), connection:
                connection.settimeout(_TIMEOUT)
                with connection.makefile("r", encoding="utf-8", errors="replace") as reader:
                    question = reader.readline(_MOST_BYTES)
                if question == f"{job}\n":
                    connection.sendall(f"{answer}\n".encode())
                    askers -= 1
