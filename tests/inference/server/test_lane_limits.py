"""What the server promises of time, room and order holds on the lane as on uvicorn's way."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from inference.archive import Archive
from tests.inference.server.lanes import HEAD, LONG_ROUNDS, ROW, Ways, request

Archives = dict[tuple[str, str], Archive]
PING = b"GET /ping HTTP/1.1\r\nHost: here\r\n\r\n"
both = pytest.mark.parametrize("lane", [True, False], ids=["lane", "uvicorn"])


@pytest.fixture
def archive(archives: Archives) -> Archive:
    return archives["binary", "xgboost"]


@contextlib.contextmanager
def connected(ways: Ways) -> Iterator[socket.socket]:
    """A client that reads when it wants to, of as little room as there can be."""
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        client.connect(("127.0.0.1", ways.port))
        client.setblocking(False)
        yield client


@both
def test_a_client_that_does_not_read_is_not_read_from_and_ends(archive: Archive, lane: bool) -> None:
    ways = Ways(archive.handler, lane, replace(LONG_ROUNDS, write_seconds=0.5))

    async def stuff(ways: Ways) -> tuple[int, int]:
        taken, held = 0, 0
        with connected(ways) as client:
            while not ways.made or not ways.made[0].transport.is_closing():
                with contextlib.suppress(BlockingIOError):
                    taken += client.send(request() * 1000)
                await asyncio.sleep(0.01)
                held = max([held, *(made.transport.get_write_buffer_size() for made in ways.made)])
        return taken, held

    taken, held = ways.run(stuff)
    # What the answers to one read take, and what the system keeps besides.
    assert held < 1 << 20
    assert taken < 16 << 20
    assert ways.answered > 100 if lane else ways.answered == 0


@both
def test_a_client_that_reads_late_gets_every_answer_in_order(archive: Archive, lane: bool) -> None:
    ways = Ways(archive.handler, lane)
    asked = b"".join(request(b"%d,red,\n" % (number % 10)) + PING for number in range(300))

    async def read_late(ways: Ways) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", ways.port, limit=1024)
        writer.write(asked)
        await asyncio.sleep(0.1)
        writer.write(b"GET /ping HTTP/1.1\r\nConnection: close\r\n\r\n")
        found = await reader.read()
        writer.close()
        return found

    found = ways.run(read_late)
    assert found.count(b"HTTP/1.1 200 OK\r\n") == 601
    scores = [line for line in found.split(b"\r\n") if line.startswith((b"no,", b"yes,"))]
    assert len(set(scores[:10])) > 2
    assert scores == scores[:10] * 30


@both
@pytest.mark.parametrize("left", [5, len(ROW)])
def test_a_request_that_has_begun_is_answered_when_the_server_ends(archive: Archive, lane: bool, left: int) -> None:
    ways = Ways(archive.handler, lane)

    async def end(ways: Ways) -> tuple[bytes, bool]:
        reader, writer = await asyncio.open_connection("127.0.0.1", ways.port)
        await ways.put(writer, request())
        await reader.readuntil(b"\n\r\n")
        await ways.put(writer, request()[:-left])
        ways.made[0].shutdown()
        await ways.put(writer, request()[-left:])
        found = await reader.read()
        writer.close()
        return found, ways.made[0] in ways.server.server_state.connections

    found, is_there = ways.run(end)
    assert found.count(b"HTTP/1.1 200 OK\r\n") == 1
    assert b"\r\nconnection: close\r\n" in found
    assert not is_there


@both
def test_a_connection_between_requests_ends_at_once_when_the_server_ends(archive: Archive, lane: bool) -> None:
    async def end(ways: Ways) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", ways.port)
        await ways.put(writer, request())
        await reader.readuntil(b"\n\r\n")
        ways.made[0].shutdown()
        await reader.read()
        writer.close()
        return b"ended"

    assert Ways(archive.handler, lane).run(end) == b"ended"


@both
def test_what_does_not_arrive_in_time_is_refused(archive: Archive, lane: bool) -> None:
    limits = replace(LONG_ROUNDS, head_seconds=0.2, body_seconds=0.2)

    async def wait(ways: Ways) -> list[bytes]:
        found = []
        row, end = request(), len(request()) - len(ROW)
        for parts in (
            [row[:20]],
            [row[:-1]],
            [row, row[:20]],
            [row, row[:-1]],
            [row, row[:end]],
            [row, row[:end], row[end:-1]],
        ):
            reader, writer = await asyncio.open_connection("127.0.0.1", ways.port)
            for part in parts:
                await ways.put(writer, part)
            found.append(await reader.read())
            writer.close()
        return found

    found = Ways(archive.handler, lane, limits).run(wait)
    assert [answers.count(b"HTTP/1.1 200 OK\r\n") for answers in found] == [0, 0, 1, 1, 1, 1]
    late = b'{"error": "the request did not arrive in time."}'
    assert all(b"HTTP/1.1 408 Request Timeout\r\n" in answers and answers.endswith(late) for answers in found)


@both
def test_a_head_without_end_is_refused_after_an_answer_too(archive: Archive, lane: bool) -> None:
    async def ask(ways: Ways) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", ways.port)
        await ways.put(writer, request())
        await reader.readuntil(b"\n\r\n")
        for part in (HEAD + b"X: ", b"a" * 30_000, b"a" * 30_000, b"a" * 30_000):
            await ways.put(writer, part)
        found = await reader.read()
        writer.close()
        return found

    ways = Ways(archive.handler, lane)
    assert b"HTTP/1.1 431 " in ways.run(ask)


@both
def test_a_connection_is_kept_as_long_as_requests_come(archive: Archive, lane: bool) -> None:
    async def ask(ways: Ways) -> float:
        reader, writer = await asyncio.open_connection("127.0.0.1", ways.port)
        for _ in range(3):
            await ways.put(writer, request())
            began = time.monotonic()
            await asyncio.sleep(0.4)
        await reader.read()
        writer.close()
        return time.monotonic() - began

    # The event loop counts in milliseconds.
    assert 0.99 < Ways(archive.handler, lane, keep_alive_seconds=1).run(ask) < 5


@both
def test_a_connection_does_not_end_between_a_head_and_its_body(archive: Archive, lane: bool) -> None:
    row, body = request()[: -len(ROW)], request()[-len(ROW) :]

    async def ask(ways: Ways) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", ways.port)
        await ways.put(writer, row + body)
        await asyncio.sleep(0.7)
        await ways.put(writer, row)
        await asyncio.sleep(0.7)
        await ways.put(writer, body)
        found = await reader.read()
        writer.close()
        return found

    assert Ways(archive.handler, lane, keep_alive_seconds=1).run(ask).count(b"HTTP/1.1 200 OK\r\n") == 2


def test_requests_on_the_lane_are_counted(archive: Archive) -> None:
    ways = Ways(archive.handler)

    async def count(ways: Ways) -> int:
        await ways.sent(request(), request(), PING, request(ROW, "Expect: 100-continue"))
        return ways.server.server_state.total_requests

    assert ways.run(count) == 5
    assert ways.answered == 3
