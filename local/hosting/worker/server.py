"""The container's contract over a Unix socket: GET /ping and POST /invocations."""

from __future__ import annotations

import socketserver
import sys
import threading
import time
import traceback
from email.message import Message
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from local.hosting.attributes import HEADER
from local.hosting.worker import flask_request
from local.hosting.worker.answers import Answer, Predict, RequestError, of_error

MAX_BODY_BYTES = 100 << 20


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """Serves one loaded model; requests are read side by side and answered one after the other."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, path: Path, predict: Predict) -> None:
        self._predict = predict
        # Models need not be safe to use from several threads; the images' servers use one thread a process, too.
        self._one = threading.Lock()
        super().__init__(str(path), Handler)

    def answer(self, body: bytes, headers: Message) -> Answer:
        """Answer one request; whatever the model raises becomes a status."""
        try:
            with self._one, flask_request.seen(headers):
                return self._predict(body, headers.get("Content-Type", ""), headers.get("Accept", ""))
        except RequestError as error:
            return of_error(error)
        except Exception as error:  # noqa: BLE001 - the model's own mistakes must not end the server
            if not isinstance(getattr(error, "status", None), int):
                traceback.print_exc()
            return of_error(error)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Log what went wrong, unless the client just went away."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: Server
    protocol_version = "HTTP/1.1"
    # The reply leaves in one piece.
    wbufsize = -1

    def do_GET(self) -> None:
        """Say that the model is loaded."""
        self._reply(Answer(b"", "text/plain", 200 if self.path == "/ping" else 404))

    def do_POST(self) -> None:
        """Answer a request."""
        length = int(self.headers.get("Content-Length") or 0)
        if self.path != "/invocations" or length > MAX_BODY_BYTES:
            self.close_connection = True
            self._reply(Answer(b"", "text/plain", 404 if self.path != "/invocations" else 413))
            return
        body = self.rfile.read(length)
        started = time.perf_counter()
        answer = self.server.answer(body, self.headers)
        self._reply(answer, time.perf_counter() - started)

    def _reply(self, answer: Answer, seconds: float = 0.0) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("X-Model-Latency", f"{seconds:.6f}")
        if answer.attributes:
            self.send_header(HEADER, answer.attributes)
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Requests are not logged one by one."""
