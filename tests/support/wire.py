"""What programs ask of AWS, as it goes over the wire: passed on to whoever answers for a service, and kept.

Programs find it by AWS_ENDPOINT_URL, so that what is recorded is what a command really does, in processes of its own.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

_SCOPE = re.compile(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/aws4_request")
_HOP = ("connection", "content-length", "transfer-encoding", "keep-alive")


@dataclass(frozen=True)
class Asked:
    """One call: an operation of a service with its parameters, and the answer's status."""

    service: str
    operation: str
    given: Mapping[str, Any]
    status: int


class Wire:
    """A server in AWS's place; ``answering`` are the addresses of those who answer, by service, ``""`` for the rest."""

    def __init__(self, answering: Mapping[str, str]) -> None:
        self.asked: list[Asked] = []
        handler = type("Handler", (_Handler,), {"answering": answering, "asked": self.asked})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever)

    def __enter__(self) -> Wire:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    answering: Mapping[str, str]
    asked: list[Asked]

    def log_message(self, *_: object) -> None:
        """Write nothing: what was asked is kept."""

    def _pass_on(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        if len(body) < length:  # whoever asks has ended meanwhile: that is no call
            self.close_connection = True
            return
        scope = _SCOPE.search(self.headers.get("Authorization", ""))
        assert scope is not None, f"{self.path} is not signed"
        service = scope.group(1)
        target = urlsplit(self.answering.get(service, self.answering[""]))
        connection = HTTPConnection(str(target.hostname), target.port, timeout=120)
        try:
            headers = {name: value for name, value in self.headers.items() if name.lower() != "expect"}
            connection.request(self.command, self.path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        operation, given = _read(service, self.command, self.path, self.headers, body)
        self.asked.append(Asked(service, operation, given, answer.status))
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in _HOP:
                self.send_header(name, value)
        size = answer.getheader("Content-Length") if self.command == "HEAD" else str(len(content))
        self.send_header("Content-Length", size or "0")
        self.end_headers()
        self.wfile.write(content)

    do_DELETE = do_GET = do_HEAD = do_POST = do_PUT = _pass_on  # noqa: N815 - http.server's names


def _read(service: str, method: str, path: str, headers: Any, body: bytes) -> tuple[str, Mapping[str, Any]]:
    """Return the operation of a request, and its parameters."""
    parts = urlsplit(path)
    query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
    if target := headers.get("X-Amz-Target"):
        return target.rpartition(".")[2], json.loads(body)
    if service == "s3":
        return _read_s3(method, unquote(parts.path), query)
    if found := re.fullmatch(r"/endpoints/([^/]+)/invocations", parts.path):
        return "InvokeEndpoint", {"EndpointName": found.group(1)}
    form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
    return form.pop("Action"), form


def _read_s3(method: str, path: str, query: Mapping[str, str]) -> tuple[str, Mapping[str, Any]]:
    bucket, _, key = path.removeprefix("/").partition("/")
    if not key and method == "GET":
        return "ListObjectsV2", {"Bucket": bucket, "Prefix": query.get("prefix", "")}
    parts = {
        ("POST", "uploads"): "CreateMultipartUpload",
        ("POST", "uploadId"): "CompleteMultipartUpload",
        ("PUT", "uploadId"): "UploadPart",
        ("DELETE", "uploadId"): "AbortMultipartUpload",
    }
    found = next((name for (verb, word), name in parts.items() if verb == method and word in query), None)
    return found or f"{method.capitalize()}Object", {"Bucket": bucket, "Key": key}
