"""The container's contract as an ASGI application: GET /ping, POST /invocations, GET /execution-parameters.

Source: SageMaker Developer Guide, 'Custom Inference Code with Hosting Services' and '… with Batch Transform'.
"""

from __future__ import annotations

import asyncio
import json
import sys
import traceback
from collections.abc import Awaitable, Callable, Mapping
from time import perf_counter
from typing import Any, TypeAlias

from inference.formats.table import RequestError
from inference.handler import Handler, Reply, Request
from inference.media_types import JSON
from inference.server.bodies import Bodies, GoneError, Message, Receive, discard
from inference.server.limits import Limits
from inference.server.turns import BusyError, Turns

Send: TypeAlias = Callable[[Message], Awaitable[None]]
Headers: TypeAlias = list[tuple[bytes, bytes]]

_METHODS = {"/ping": b"GET, HEAD", "/invocations": b"POST", "/execution-parameters": b"GET"}
_CLOSE = (b"connection", b"close")
_AGAIN = (b"retry-after", b"1")
_BUSY = "the server has more requests than it can answer; come again."


class Application:
    """Answers one container's requests."""

    def __init__(self, handler: Handler, limits: Limits | None = None, look: Callable[[], None] | None = None) -> None:
        self._handler = handler
        self._limits = limits or Limits()
        self._look = look or (lambda: None)
        self._bodies = Bodies(self._limits)
        self._turns = Turns(self._limits.round_seconds, self._limits.waiting)
        self._one_large = asyncio.Lock()
        self._large = 0

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        self._look()
        path, method = scope["path"], scope["method"]
        if path == "/invocations" and method == "POST":
            await self._invoke(scope["headers"], receive, send)
        elif path == "/ping" and method in ("GET", "HEAD"):
            await _send(send, 200, b"", "text/plain")
        elif path == "/execution-parameters" and method == "GET":
            most = {"MaxConcurrentTransforms": 1, "BatchStrategy": "MULTI_RECORD"}
            await _send(send, 200, json.dumps({**most, "MaxPayloadInMB": self._limits.body >> 20}).encode(), JSON)
        elif path in _METHODS:
            await _refuse(send, receive, 405, f"{path} does not take {method}.", (b"allow", _METHODS[path]))
        else:
            await _refuse(send, receive, 404, "there is nothing here but /ping and /invocations.")

    async def _invoke(self, headers: Headers, receive: Receive, send: Send) -> None:
        held, whole = 0, False
        try:
            length, content_type, accept, attributes = _asked(headers)
            body, held = await self._bodies.receive(receive, length)
            whole = True
            text, media = await self._answered(body, content_type, accept, attributes)
            if len(text) > self._limits.body:
                raise RequestError(f"the answer is longer than {self._limits.body >> 20} MiB; send fewer rows.", 413)
            await _send(send, 200, text, media)
        except RequestError as error:
            await _refuse(send, None if whole else receive, error.status, str(error))
        except BusyError:
            await _refuse(send, None if whole else receive, 503, _BUSY, _AGAIN)
        except GoneError:
            return
        finally:
            self._bodies.release(held)

    async def _answered(self, body: bytes, content_type: str, accept: str, attributes: str) -> tuple[bytes, str]:
        """The body and media type of the answer."""
        try:
            if len(body) > self._limits.small:
                return _raw(await self._answer_large(Request(body, content_type, accept, attributes)))
            if not self._turns.free:
                await self._turns.wait()
            began = perf_counter()
            try:
                found = self._handler.at_once(body, content_type, accept, attributes)
                return found or _raw(self._handler.answer(Request(body, content_type, accept, attributes)))
            finally:
                self._turns.spend(perf_counter() - began)
        except (RequestError, BusyError):
            raise
        except Exception as error:
            # The model's own fault: the log says which, the client that it is not theirs.
            traceback.print_exc(file=sys.stderr)
            raise RequestError("the model failed to answer; its log says why.", 500) from error

    async def _answer_large(self, request: Request) -> Reply:
        """Answer a long body step by step, one such body at a time; short ones are answered between the steps."""
        if self._large >= self._limits.waiting_large:
            raise BusyError
        self._large += 1
        try:
            async with self._one_large:
                steps = self._handler.steps(request)
                while True:
                    await self._turns.go_on()
                    began = perf_counter()
                    try:
                        next(steps)
                    except StopIteration as end:
                        reply: Reply = end.value
                        return reply
                    finally:
                        self._turns.spend(perf_counter() - began)
        finally:
            self._large -= 1


def _asked(headers: Headers) -> tuple[bytes | None, str, str, str]:
    """The headers Content-Length, Content-Type, Accept and custom attributes; RequestError where the body is packed."""
    length, content_type, accept, attributes = None, b"", b"", b""
    for name, value in headers:
        if name == b"content-type":
            content_type = value
        elif name == b"accept":
            accept = value if not accept else accept + b"," + value
        elif name == b"content-length":
            length = value
        elif name == b"x-amzn-sagemaker-custom-attributes":
            attributes = value
        elif name == b"content-encoding" and value.lower() not in (b"", b"identity"):
            encoding = value[:40].decode("latin-1")
            raise RequestError(f"the content encoding {encoding} is not served; send the body as it is.", 415)
    return length, content_type.decode("latin-1"), accept.decode("latin-1"), attributes.decode("latin-1")


def _raw(reply: Reply) -> tuple[bytes, str]:
    return reply.body.encode() if isinstance(reply.body, str) else reply.body, reply.type


async def _send(send: Send, status: int, body: bytes, media: str, *more: tuple[bytes, bytes]) -> None:
    head = [(b"content-type", media.encode()), (b"content-length", b"%d" % len(body)), *more]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": body})


async def _refuse(send: Send, unread: Receive | None, status: int, sentence: str, *more: tuple[bytes, bytes]) -> None:
    """Answer with an error. Where a body may still be on its way, the connection ends once it is there."""
    body = json.dumps({"error": sentence}).encode()
    if unread is None:
        await _send(send, status, body, JSON, *more)
        return
    head = [(b"content-type", JSON.encode()), (b"content-length", b"%d" % len(body)), _CLOSE, *more]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": body, "more_body": True})
    await discard(unread)
    await send({"type": "http.response.body", "body": b""})
