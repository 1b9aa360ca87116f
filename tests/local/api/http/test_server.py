"""The server on the wire: bodies of every kind, connections that end early, and an orderly end."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from local.api.http import connection as connections
from local.api.http.server import AddressError, listen, url_of
from local.client import client
from tests.local.api.http.wire import ask, connect, read_answer, request

SIGNED = "AWS4-HMAC-SHA256 Credential=any/20260101/us-east-1/{}/aws4_request, SignedHeaders=host, Signature=0"
SAGEMAKER = {"authorization": SIGNED.format("sagemaker"), "x_amz_target": "SageMaker.ListPipelines"}


def stored(home: Path, key: str) -> bytes:
    return client("s3", home).get_object(Bucket="b", Key=key)["Body"].read()


def names(home: Path) -> list[str]:
    listed = client("s3", home).list_objects_v2(Bucket="b").get("Contents", [])
    return [each["Key"] for each in listed]


@pytest.fixture
def bucket(home: Path) -> Path:
    client("s3", home).create_bucket(Bucket="b")
    return home


def test_one_connection_answers_many_requests(port: int) -> None:
    with connect(port) as connection:
        for _ in range(3):
            connection.sendall(request("POST", "/", b"{}", **SAGEMAKER))
            answer = read_answer(connection)
            assert (answer.status, answer.body) == (200, b'{"PipelineSummaries": []}')


def test_a_body_that_waits_to_be_asked_for(port: int, bucket: Path) -> None:
    with connect(port) as connection:
        connection.sendall(request("PUT", "/b/k", expect="100-continue", content_length="5"))
        assert connection.recv(100).startswith(b"HTTP/1.1 100 ")
        connection.sendall(b"hello")
        assert read_answer(connection).status == 200
    assert stored(bucket, "k") == b"hello"


def test_a_refusal_comes_before_a_body_that_waits(port: int) -> None:
    raw = request("PUT", "/b/k", expect="100-continue", content_length="5000000", host="evil.example")
    answer = ask(port, raw)
    assert (answer.status, answer.headers["connection"]) == (403, "close")


def test_a_large_body_without_a_length_is_stored(port: int, bucket: Path) -> None:
    piece = os.urandom(1 << 20)
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for _ in range(3)) + b"0\r\n\r\n"
    answer = ask(port, request("PUT", "/b/big", chunks, transfer_encoding="chunked"))
    assert answer.status == 200
    assert stored(bucket, "big") == piece * 3


def test_a_large_body_in_signed_chunks_is_stored_without_them(port: int, bucket: Path) -> None:
    piece = os.urandom(1 << 20)
    framed = b"".join(b"100000;chunk-signature=00\r\n%s\r\n" % piece for _ in range(2)) + b"0;chunk-signature=0\r\n\r\n"
    headers = {
        "x_amz_content_sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        "content_encoding": "aws-chunked",
        "x_amz_decoded_content_length": str(2 << 20),
    }
    assert ask(port, request("PUT", "/b/framed", framed, **headers)).status == 200
    assert stored(bucket, "framed") == piece * 2


def test_an_upload_that_breaks_off_leaves_nothing(port: int, bucket: Path) -> None:
    with connect(port) as connection:
        connection.sendall(request("PUT", "/b/half", b"x" * (2 << 20), content_length=str(4 << 20)))
    assert ask(port, request("GET", "/b/half")).status == 404
    assert names(bucket) == []


def test_a_large_object_comes_back_whole_and_in_part(port: int, bucket: Path) -> None:
    content = os.urandom(5 << 20)
    client("s3", bucket).put_object(Bucket="b", Key="k", Body=content)
    assert ask(port, request("GET", "/b/k")).body == content
    part = ask(port, request("GET", "/b/k", range="bytes=10-2000009"))
    assert (part.status, part.body) == (206, content[10:2000010])


def test_head_has_the_length_and_no_body(port: int, bucket: Path) -> None:
    client("s3", bucket).put_object(Bucket="b", Key="k", Body=b"hello")
    with connect(port) as connection:
        connection.sendall(request("HEAD", "/b/k"))
        answer = read_answer(connection, to_head=True)
        assert (answer.status, answer.headers["content-length"]) == (200, "5")
        connection.sendall(request("HEAD", "/b/none"))
        assert read_answer(connection, to_head=True).status == 404


def test_a_bucket_may_stand_in_the_hosts_name(port: int, bucket: Path) -> None:
    client("s3", bucket).put_object(Bucket="b", Key="k", Body=b"hello")
    assert ask(port, request("GET", "/k", host=f"b.localhost:{port}")).body == b"hello"


def test_a_request_beyond_the_services_limit(port: int) -> None:
    answer = ask(port, request("POST", "/", b"x" * ((8 << 20) + 1), **SAGEMAKER))
    assert answer.status == 413
    assert b"at most 8388608 bytes" in answer.body
    rows = b"x" * ((6 << 20) + 1)
    answer = ask(port, request("POST", "/endpoints/e/invocations", rows, authorization=SAGEMAKER["authorization"]))
    assert answer.status in (404, 413)


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "127.0.0.1.evil.example"},
        {"host": ""},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"sec_fetch_site": "cross-site"},
    ],
)
def test_what_a_web_page_may_have_sent_is_refused(port: int, headers: dict[str, str]) -> None:
    answer = ask(port, request("GET", "/", b"", **headers))
    assert answer.status == 403
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:80", "127.0.0.1:9", "[::1]:80"])
def test_names_of_this_machine_are_welcome(port: int, host: str) -> None:
    assert ask(port, request("GET", "/", host=host, origin=f"http://{host}")).status == 200


def test_what_is_not_http_is_refused(port: int) -> None:
    assert ask(port, b"hello\r\n\r\n").status == 400


def test_a_head_that_never_ends_is_cut(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.2)
    with connect(port) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n")
        assert connection.recv(100) == b""
    with connect(port) as connection:
        connection.sendall(request("GET", "/"))
        assert read_answer(connection).status == 200


def test_a_body_that_never_comes_is_answered(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local.api.http.body.IDLE_SECONDS", 0.2)
    for path, length in (("/", "10"), ("/b/k", str(2 << 20))):
        with connect(port) as connection:
            connection.sendall(request("PUT", path, content_length=length))
            assert read_answer(connection).status == 408


def test_many_connections_at_once(port: int) -> None:
    found: list[int] = []

    def one() -> None:
        found.append(ask(port, request("POST", "/", b"{}", **SAGEMAKER)).status)

    threads = [threading.Thread(target=one) for _ in range(60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert found == [200] * 60


def test_slow_uploads_keep_nobody_else_waiting(port: int, bucket: Path) -> None:
    slow = [socket.create_connection(("127.0.0.1", port), timeout=20) for _ in range(40)]
    try:
        for number, connection in enumerate(slow):
            connection.sendall(request("PUT", f"/b/{number}", b"x", content_length=str(2 << 20)))
        assert ask(port, request("POST", "/", b"{}", **SAGEMAKER)).status == 200
        assert ask(port, request("PUT", "/b/quick", b"hello")).status == 200
    finally:
        for connection in slow:
            connection.close()


def test_a_request_under_way_is_answered_before_the_end(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "local.api.http", "--home", str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        url = server.stdout.readline().decode().strip()
        body = b"x" * (2 << 20)
        with connect(int(url.rpartition(":")[2])) as connection:
            connection.sendall(request("PUT", "/b/k", body[:100], content_length=str(len(body))))
            # Answered by another connection: the first is under way by then.
            assert ask(int(url.rpartition(":")[2]), request("GET", "/")).status == 200
            server.send_signal(signal.SIGTERM)
            connection.sendall(body[100:])
            assert read_answer(connection).status == 200
        assert server.wait(20) == 0
    assert stored(tmp_path, "k") == body


def test_only_this_machines_addresses_unless_asked() -> None:
    with pytest.raises(AddressError, match="--open-to-network"):
        listen("0.0.0.0")  # noqa: S104 - refused
    with listen("0.0.0.0", open_to_network=True) as listening:  # noqa: S104 - closed at once
        assert url_of(listening).startswith("http://127.0.0.1:")
    with listen() as taken, pytest.raises(AddressError, match="cannot be listened on"):
        listen(port=taken.getsockname()[1])


def test_an_open_server_answers_to_addresses_and_its_name(port: int) -> None:
    from local.api.errors import ServiceError  # noqa: PLC0415
    from local.api.http.guard import Guard  # noqa: PLC0415

    for host in ("192.168.1.5:4600", f"{socket.gethostname()}:4600", "localhost"):
        Guard(open_to_network=True).check({"host": host})
    hosts: list[Any] = ["evil.example", ""]
    for host in hosts:
        with pytest.raises(ServiceError):
            Guard(open_to_network=True).check({"host": host})
