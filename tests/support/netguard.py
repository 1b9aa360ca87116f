"""Refuses every use of the network in this process, and remembers who tried.

``install`` cannot be undone: it is for a process of its own. It listens to Python's audit events, so what is written in
C is seen as well.
"""

from __future__ import annotations

import socket
import sys
from typing import Any

_EVENTS = frozenset(
    {
        "socket.connect",
        "socket.sendto",
        "socket.sendmsg",
        "socket.getaddrinfo",
        "socket.gethostbyname",
        "socket.gethostbyaddr",
    }
)


class NetworkRefusedError(OSError):
    """Something tried to use the network."""


def install() -> list[str]:
    """Refuse the network from now on; return the list to which attempts are added, as sentences."""
    attempts: list[str] = []

    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in _EVENTS:
            return
        first = arguments[0]
        if isinstance(first, socket.socket) and first.family == socket.AF_UNIX:
            return
        attempts.append(f"{event} {arguments[1:] if isinstance(first, socket.socket) else arguments}")
        raise NetworkRefusedError(attempts[-1])

    sys.addaudithook(refuse)
    return attempts
