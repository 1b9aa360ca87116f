"""New connections in the midst of a long round, and /ping answered before anything else."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable
from typing import Any

import pytest

from inference.server import accepting
from inference.server.accepting import Acceptor
from inference.server.app import Application
from inference.server.connection import Connection
from inference.server.quiet import quiet_server

PING = b"GET /ping HTTP/1.1\r\nHost: here\r\n\r\n"


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Says what the event loop was asked for."""
    body = scope["path"].encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": body})


def listening(work: Callable[[Acceptor, tuple[str, int]], Any]) -> Any:
    """Run `work`, a part of one round of the event loop, with an acceptor; returns what its awaitable gives."""
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    acceptor = Acceptor(bound)
    server = quiet_server(application, Connection, loop="asyncio", keep_alive_seconds=5, drain_seconds=1)
    server.config.load()

    async def run() -> Any:
        acceptor.start(lambda: Connection(config=server.config, server_state=server.server_state, app_state={}))
        try:
            return await work(acceptor, bound.getsockname())
        finally:
            acceptor.close()

    return asyncio.run(run())


def asked(place: tuple[str, int], request: bytes) -> socket.socket:
    connection = socket.create_connection(place, timeout=10)
    connection.sendall(request)
    return connection


async def read(connection: socket.socket, end: bytes) -> bytes:
    """What comes up to an end, while the event loop has its turns."""
    found = b""
    while not found.endswith(end):
        more = await asyncio.to_thread(connection.recv, 4096)
        assert more, found
        found += more
    return found


def at_once(connection: socket.socket) -> bytes:
    """What has come by now; the event loop has no turn."""
    connection.setblocking(False)
    try:
        return connection.recv(4096)
    except BlockingIOError:
        return b""
    finally:
        connection.settimeout(10)


def test_a_ping_is_answered_while_a_round_goes_on() -> None:
    async def work(acceptor: Acceptor, place: tuple[str, int]) -> bytes:
        with asked(place, PING) as connection:
            time.sleep(0.01)  # the round goes on: the event loop has no turn
            acceptor.look()
            head = at_once(connection)
            # The connection is then the event loop's, as any other.
            connection.sendall(b"GET /other HTTP/1.1\r\nHost: here\r\n\r\n")
            return head + await read(connection, b"/other")

    found = listening(work)
    assert found.startswith(b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 0\r\n\r\nHTTP/1.1 200 OK")


def test_what_else_comes_first_waits_for_the_event_loop() -> None:
    requests = (
        PING.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"),
        PING.replace(b"\r\n\r\n", b"\r\ncontent-length : 0\r\n\r\n"),
        PING.replace(b"/ping", b"/pings"),
        PING.replace(b"GET", b"HEAD"),
    )

    async def work(acceptor: Acceptor, place: tuple[str, int]) -> list[bytes]:
        connections = [asked(place, request) for request in requests]
        time.sleep(0.01)
        acceptor.look()
        found = [at_once(connection) for connection in connections]
        for connection in connections:
            connection.close()
        return found

    assert listening(work) == [b""] * 4


def test_a_ping_in_parts_and_one_that_comes_late_are_answered_as_well() -> None:
    async def work(acceptor: Acceptor, place: tuple[str, int]) -> None:
        with asked(place, PING[:20]) as parts, asked(place, b"") as late:
            time.sleep(0.01)
            acceptor.look()
            parts.sendall(PING[20:])
            late.sendall(PING)
            await read(parts, b"/ping")
            await read(late, b"/ping")

    listening(work)


def test_whoever_looks_again_at_once_looks_in_vain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accepting, "perf_counter", lambda: 1.0)

    async def work(acceptor: Acceptor, place: tuple[str, int]) -> None:
        acceptor.look()
        with asked(place, PING) as connection:
            time.sleep(0.01)
            acceptor.look()
            assert at_once(connection) == b""
            assert await read(connection, b"\r\n\r\n")

    listening(work)


def test_work_looks_for_connections_before_it_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[str] = []
    monkeypatch.setattr(Connection, "look", staticmethod(lambda: looks.append("bytes")))

    async def work(_: Acceptor, place: tuple[str, int]) -> None:
        with asked(place, PING.replace(b"/ping", b"/other")) as connection:
            await read(connection, b"/other")

    listening(work)
    assert looks == ["bytes"]

    async def send(_: object) -> None:
        looks.append("answer")

    handler: Any = None
    scope = {"path": "/ping", "method": "GET", "headers": []}
    receive: Any = None
    asyncio.run(Application(handler, look=lambda: looks.append("request"))(scope, receive, send))
    assert looks[1:] == ["request", "answer", "answer"]
