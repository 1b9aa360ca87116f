"""The ASGI application: requests from the event loop to the dispatch in threads, and responses back."""

from __future__ import annotations

import asyncio
import io
import uuid
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, TypeAlias

from local.api import limits
from local.api.dispatch import Dispatcher
from local.api.errors import ServiceError
from local.api.http import recognise
from local.api.http.admission import INVOKING_THREADS, RETRY_SECONDS, Admission
from local.api.http.body import SMALL_BYTES, DisconnectedError, Incoming, Message, Receive, Streamed, timed_out
from local.api.http.guard import Guard
from local.api.protocols.http import HttpRequest, HttpResponse, Reader, read_up_to
from local.api.transport.answer import answer
from local.hosting import exposition
from local.hosting.recording import recorder_of

Scope: TypeAlias = Message
Send: TypeAlias = Callable[[Message], Awaitable[None]]

ANSWERING_THREADS = 16
# Uploads wait for their clients; they have threads of their own, so that nothing else waits for those.
UPLOADING_THREADS = 32
BODYLESS = (204, 304)


class Application:
    """Answers HTTP requests from one home."""

    def __init__(self, dispatcher: Dispatcher, guard: Guard) -> None:
        self._dispatcher = dispatcher
        self._guard = guard
        self._answering = ThreadPoolExecutor(ANSWERING_THREADS, "answer")
        self._uploading = ThreadPoolExecutor(UPLOADING_THREADS, "upload")
        self._invoking = ThreadPoolExecutor(INVOKING_THREADS, "invoke")
        self._admission = Admission()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        request = _request(scope)
        incoming = Incoming(receive, request.headers)
        try:
            response = await self._respond(request, incoming)
            whole = await incoming.discard()
        except DisconnectedError:
            return
        except TimeoutError:
            response, whole = recognise.refusal(timed_out(), request, _request_id()), False
        await self._send(response, send, head=request.method == "HEAD", last=not whole)

    async def _respond(self, request: HttpRequest, incoming: Incoming) -> HttpResponse:
        try:
            self._guard.check(request.headers)
            if recognise.is_metrics(request):
                return await asyncio.get_running_loop().run_in_executor(self._answering, self._metrics)
            service = recognise.service_of(request)
            if service == "s3":
                return await self._s3(request, incoming)
            if service == "sagemaker-runtime":
                return await self._invoke(request, incoming)
            body = await _body(service, incoming)
        except ServiceError as error:
            return recognise.refusal(error, request, _request_id())
        return await self._call(self._answering, service, replace(request, body=io.BytesIO(body)))

    async def _invoke(self, request: HttpRequest, incoming: Incoming) -> HttpResponse:
        """Pass a request to an endpoint on. Models may be slow: nothing but them waits for their threads."""
        self._admission.check()
        body = await _body("sagemaker-runtime", incoming)
        with self._admission.entered():
            return await self._call(self._invoking, "sagemaker-runtime", replace(request, body=io.BytesIO(body)))

    async def _s3(self, request: HttpRequest, incoming: Incoming) -> HttpResponse:
        bucket = recognise.bucket_in_host(request)
        if bucket:
            request = replace(request, path=f"/{bucket}{request.path}")
        if incoming.finished or (incoming.length is not None and incoming.length <= SMALL_BYTES):
            body = await incoming.whole(SMALL_BYTES)
            return await self._call(self._answering, "s3", replace(request, body=io.BytesIO(body or b"")))
        streamed = Streamed(incoming, asyncio.get_running_loop())
        return await self._call(self._uploading, "s3", replace(request, body=streamed))

    async def _call(self, threads: ThreadPoolExecutor, service: str, request: HttpRequest) -> HttpResponse:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(threads, self._answer, service, request)

    def _metrics(self) -> HttpResponse:
        store = self._dispatcher.store
        recorder_of(store).metrics.flush()
        text = exposition.text(store.metrics.all())
        return HttpResponse(200, {"Content-Type": exposition.CONTENT_TYPE}, text.encode())

    def _answer(self, service: str, request: HttpRequest) -> HttpResponse:
        """Return the response; a small body is read here, in the same thread."""
        response = answer(self._dispatcher, service, request)
        length = response.headers.get("Content-Length", "")
        if isinstance(response.body, bytes) or not length.isdecimal() or int(length) > SMALL_BYTES:
            return response
        try:
            return replace(response, body=read_up_to(response.body, SMALL_BYTES))
        finally:
            _close(response.body)

    async def _send(self, response: HttpResponse, send: Send, *, head: bool, last: bool) -> None:
        headers = {name.lower(): value for name, value in response.headers.items()}
        if isinstance(response.body, bytes) and response.status not in BODYLESS:
            headers.setdefault("content-length", str(len(response.body)))
        if response.status == 503:
            headers["retry-after"] = str(RETRY_SECONDS)
        if last:
            headers["connection"] = "close"
        raw = [(name.encode("latin-1"), _encode(value)) for name, value in headers.items()]
        try:
            await send({"type": "http.response.start", "status": response.status, "headers": raw})
            if not isinstance(response.body, bytes) and not head:
                await self._stream(response.body, send)
            body = response.body if isinstance(response.body, bytes) and not head else b""
            await send({"type": "http.response.body", "body": body, "more_body": False})
        finally:
            if not isinstance(response.body, bytes):
                _close(response.body)

    async def _stream(self, body: Reader, send: Send) -> None:
        loop = asyncio.get_running_loop()
        while piece := await loop.run_in_executor(self._answering, body.read, SMALL_BYTES):
            await send({"type": "http.response.body", "body": piece, "more_body": True})

    def close(self) -> None:
        """Let the threads end."""
        self._answering.shutdown(wait=False, cancel_futures=True)
        self._uploading.shutdown(wait=False, cancel_futures=True)
        self._invoking.shutdown(wait=False, cancel_futures=True)


async def _body(service: str, incoming: Incoming) -> bytes:
    body = await incoming.whole(limits.body_bytes(service))
    if body is None:
        raise limits.too_large(service)
    return body


def _request(scope: Scope) -> HttpRequest:
    headers: dict[str, Any] = {}
    for name, value in scope["headers"]:
        key = name.decode("latin-1")
        headers[key] = headers[key] + b"," + value if key in headers else value
    # The host is never looked at; without one, a path that begins with two slashes would be taken for one.
    url = f"http://host{scope['raw_path'].decode('latin-1')}?{scope['query_string'].decode('latin-1')}"
    return HttpRequest.make(scope["method"], url, headers, None)


def _encode(value: str) -> bytes:
    """Return a header's value as bytes; a line break in it would begin another header."""
    return value.replace("\r", " ").replace("\n", " ").encode("utf-8")


def _close(body: Any) -> None:
    close = getattr(body, "close", None)
    if close is not None:
        close()


def _request_id() -> str:
    return str(uuid.uuid4())
