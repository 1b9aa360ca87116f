"""The server: a socket, the application on it, and an end that leaves no request unanswered."""

from __future__ import annotations

import asyncio
import signal
import socket
import threading
from collections.abc import Callable

from uvicorn import Server

from inference.server.quiet import quiet_server
from local.api.dispatch import Dispatcher
from local.api.http.app import Application
from local.api.http.connection import Connection
from local.api.http.guard import LOOPBACK, Guard, is_own
from local.store.home import Home
from local.store.store import Store

# How long requests may take to come to their end once the server was asked to stop.
DRAIN_SECONDS = 10
KEEP_ALIVE_SECONDS = 75
BACKLOG = 1024
MAX_CONNECTIONS = 1000


class AddressError(ValueError):
    """An address that cannot be listened on, or must not be without being asked for; the message says which."""


def listen(host: str = LOOPBACK, port: int = 0, *, open_to_network: bool = False) -> socket.socket:
    """Return a socket that listens.

    Raises:
        AddressError: the address is not this machine's own and `open_to_network` is not set, or it is taken.
    """
    if not is_own(host) and not open_to_network:
        message = (
            f"Requests are answered without checking who asks. On {host} everybody who can reach this machine could "
            "read and change what it holds, and run code as you. If that is meant, add --open-to-network."
        )
        raise AddressError(message)
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        made = socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        message = f"The port {port} of {host} cannot be listened on ({error.strerror or error}). Choose another one."
        raise AddressError(message) from error
    made.setblocking(False)
    return made


def url_of(listening: socket.socket) -> str:
    """Return the URL that clients on this machine give as their endpoint."""
    host, port = listening.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        host = LOOPBACK
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(
    home: Home, listening: socket.socket, *, open_to_network: bool = False, until: Callable[[], object] | None = None
) -> None:
    """Answer requests on a socket until SIGTERM or SIGINT, or until the call `until` returns; then drain and return."""
    application = Application(Dispatcher(Store(home)), Guard(open_to_network))
    server = quiet_server(
        application,
        Connection,
        loop="asyncio",
        keep_alive_seconds=KEEP_ALIVE_SECONDS,
        drain_seconds=DRAIN_SECONDS,
        most_connections=MAX_CONNECTIONS,
        dated=True,
    )
    if until is not None:
        threading.Thread(target=_watch, args=(until, server), daemon=True).start()
    try:
        asyncio.run(_run(server, listening))
    finally:
        application.close()


async def _run(server: Server, listening: socket.socket) -> None:
    if threading.current_thread() is threading.main_thread():
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, _end, server)
    await server.serve(sockets=[listening])


def _end(server: Server) -> None:
    """Stop; a second time, at once."""
    server.force_exit = server.should_exit
    server.should_exit = True


def _watch(until: Callable[[], object], server: Server) -> None:
    until()
    server.should_exit = True
