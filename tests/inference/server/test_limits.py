from __future__ import annotations

import contextlib
import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from inference.server.limits import Limits, LimitsError, limits_of
from tests.inference.server.conftest import ROW, Running, serving

MIB = 1 << 20
TOO_LONG = 6 * MIB + 1


def head(*lines: str) -> bytes:
    return "\r\n".join(["POST /invocations HTTP/1.1", "Host: here", "Content-Type: text/csv", *lines, "", ""]).encode()


def reply(connection: socket.socket) -> tuple[int, str]:
    """The status and the body of one answer, read to the end of the connection."""
    received = b""
    while part := connection.recv(65536):
        received += part
    first, _, rest = received.partition(b"\r\n")
    return int(first.split()[1]), rest.partition(b"\r\n\r\n")[2].decode()


def test_a_body_that_says_it_is_too_long_is_refused_before_it_is_sent(server: Running) -> None:
    with server.connect() as connection:
        connection.sendall(head(f"Content-Length: {TOO_LONG}"))
        connection.settimeout(10)
        assert connection.recv(4096).startswith(b"HTTP/1.1 413 ")


def test_a_client_that_sends_it_all_the_same_sees_why(server: Running) -> None:
    status, sentence = server.error(bytes(TOO_LONG))
    assert status == 413
    assert "longer than 6 MiB" in sentence


def test_a_body_without_a_length_is_refused_as_soon_as_it_is_too_long(server: Running) -> None:
    chunk = b"10000\r\n" + bytes(0x10000) + b"\r\n"
    with server.connect() as connection:
        connection.sendall(head("Transfer-Encoding: chunked"))
        for _ in range(97):
            connection.sendall(chunk)
        connection.settimeout(10)
        assert connection.recv(4096).startswith(b"HTTP/1.1 413 ")


def test_a_body_may_come_in_chunks(server: Running) -> None:
    with server.connect() as connection:
        connection.sendall(head("Transfer-Encoding: chunked", "Connection: close"))
        for byte in ROW:
            connection.sendall(b"1\r\n" + bytes([byte]) + b"\r\n")
        connection.sendall(b"0\r\n\r\n")
        assert reply(connection)[0] == 200


def test_a_head_without_end_is_refused(server: Running) -> None:
    with server.connect() as connection:
        connection.sendall(b"POST /invocations HTTP/1.1\r\n")
        with contextlib.suppress(ConnectionError):
            for number in range(1000):
                connection.sendall(f"X-{number}: {'a' * 1000}\r\n".encode())
        with contextlib.suppress(ConnectionError):
            assert reply(connection)[0] == 431
    assert server.ask()[0] == 200


def test_who_connects_while_many_others_do_is_answered(server: Running) -> None:
    with contextlib.ExitStack() as stack:
        many = [stack.enter_context(server.connect()) for _ in range(300)]
        for connection in many:
            connection.sendall(head(f"Content-Length: {len(ROW)}", "Connection: close") + ROW)
        assert server.ping() < 10
        assert {reply(connection)[0] for connection in many} == {200}


def test_what_is_no_http_is_refused(server: Running) -> None:
    with server.connect() as connection:
        connection.sendall(b"\x16\x03\x01 hello\r\n\r\n")
        assert reply(connection)[0] == 400


def test_batch_transform_may_send_longer_bodies() -> None:
    assert limits_of({}).body == 6 * MIB == Limits().body
    assert limits_of({"SAGEMAKER_BATCH": "true", "SAGEMAKER_MAX_PAYLOAD_IN_MB": "50"}).body == 50 * MIB
    for odd in ("", "0", "101", "-1", "many"):
        assert limits_of({"SAGEMAKER_BATCH": "True", "SAGEMAKER_MAX_PAYLOAD_IN_MB": odd}).body == 6 * MIB
    assert limits_of({"SAGEMAKER_MAX_PAYLOAD_IN_MB": "50"}).body == 6 * MIB


@pytest.mark.parametrize("seconds", ["soon", "0", "-1", "nan", ""])
def test_a_time_that_is_none_is_refused(seconds: str) -> None:
    with pytest.raises(LimitsError, match="SAGELINE_REQUEST_SECONDS"):
        limits_of({"SAGELINE_REQUEST_SECONDS": seconds})
    assert limits_of({"SAGELINE_REQUEST_SECONDS": "2.5"}).body_seconds == 2.5


def test_more_large_bodies_than_can_wait_are_told_to_come_again_and_ping_stays_quick(server: Running) -> None:
    body = b"9.5,red,\n" * 100_000
    with ThreadPoolExecutor(32) as pool:
        asked = [pool.submit(server.ask, body) for _ in range(32)]
        pings = [server.ping() for _ in range(10)]
        replies = [each.result() for each in asked]
    statuses = [status for status, _, _ in replies]
    assert set(statuses) == {200, 503}
    assert statuses.count(200) >= Limits().waiting_large
    assert all(headers["retry-after"] == "1" for status, headers, _ in replies if status == 503)
    assert len({found for status, _, found in replies if status == 200}) == 1
    assert max(pings) < 5
    assert server.ask()[0] == 200


@pytest.fixture
def hasty(model_folders: dict[tuple[str, str], Path]) -> Iterator[Running]:
    with serving(model_folders["binary", "linear"], SAGELINE_REQUEST_SECONDS="1") as running:
        yield running


def test_slow_clients_are_timed_out_without_hurting_others(hasty: Running) -> None:
    slow_head, slow_body = hasty.connect(), hasty.connect()
    idle = [hasty.connect() for _ in range(50)]
    with slow_head, slow_body:
        slow_head.sendall(b"POST /invo")
        slow_body.sendall(head("Content-Length: 1000") + b"9.5,")
        began = time.monotonic()
        while time.monotonic() - began < 0.5:
            assert hasty.ask()[0] == 200
        for connection in (slow_head, slow_body):
            status, body = reply(connection)
            assert (status, json.loads(body)["error"]) == (408, "the request did not arrive in time.")
    for connection in idle:
        connection.close()
    assert hasty.ask()[0] == 200
