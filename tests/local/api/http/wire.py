"""HTTP as bytes on a socket: what no well-behaved client would send, or would not show."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@contextmanager
def connect(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        yield connection


def request(method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    """A request; without Content-Length where headers say how the body travels."""
    named = {name.replace("_", "-").lower(): value for name, value in headers.items()}
    lengths = {} if "transfer-encoding" in named or "content-length" in named else {"content-length": str(len(body))}
    lines = [f"{method} {path} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in {"host": "127.0.0.1", **lengths, **named}.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def read_answer(connection: socket.socket, *, to_head: bool = False) -> Answer:
    """Read one response with a Content-Length; a response to HEAD has no body."""
    raw = b""
    while b"\r\n\r\n" not in raw:
        raw += _more(connection)
    head, _, body = raw.partition(b"\r\n\r\n")
    status, *lines = head.decode().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    wanted = 0 if to_head else int(headers.get("content-length", 0))
    while len(body) < wanted:
        body += _more(connection)
    return Answer(int(status.split()[1]), headers, body)


def _more(connection: socket.socket) -> bytes:
    data = connection.recv(65536)
    assert data, "the connection ended"
    return data


def ask(port: int, raw: bytes, *, to_head: bool = False) -> Answer:
    with connect(port) as connection:
        connection.sendall(raw)
        return read_answer(connection, to_head=to_head)
