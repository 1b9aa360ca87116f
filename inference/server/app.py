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
from inference.handler import Handler, Request
from inference.media_types import JSON
from inference.server.bodies import Bodies, GoneError, Message, Receive, discard
from inference.server.heads import Head, read_head
from inference.server.limits import Limits
from inference.server.replies import CLOSE, PONG, Headers, Reply, refusal
from inference.server.turns import BusyError, Turns

Send: TypeAlias = Callable[[Message], Awaitable[None]]

_METHODS = {"/ping": b"GET, HEAD", "/invocations": b"POST", "/execution-parameters": b"GET"}
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

    def at_once(self, body: bytes, head: Head) -> Reply | None:
        """The answer to a small body; None where it has to wait for its turn."""
        return self._answer_small(body, head) if self._turns.free else None

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        self._look()
        path, method = scope["path"], scope["method"]
        if path == "/invocations" and method == "POST":
            await self._invoke(scope["headers"], receive, send)
        elif path == "/ping" and method in ("GET", "HEAD"):
            await _send(send, PONG)
        elif path == "/execution-parameters" and method == "GET":
            most = {"MaxConcurrentTransforms": 1, "BatchStrategy": "MULTI_RECORD"}
            told = json.dumps({**most, "MaxPayloadInMB": self._limits.body >> 20}).encode()
            await _send(send, Reply(200, told, JSON))
        elif path in _METHODS:
            allowed = (b"allow", _METHODS[path])
            await _refuse(send, receive, 405, f"{path} does not take {method}.", allowed)
        else:
            await _refuse(send, receive, 404, "there is nothing here but /ping and /invocations.")

    async def _invoke(self, headers: Headers, receive: Receive, send: Send) -> None:
        held, whole = 0, False
        try:
            head = read_head(headers)
            body, held = await self._bodies.receive(receive, head.length)
            whole = True
            if len(body) > self._limits.small:
                reply = await self._answer_large(body, head)
            else:
                if not self._turns.free:
                    await self._turns.wait()
                reply = self._answer_small(body, head)
            await _send(send, reply)
        except RequestError as error:
            await _refuse(send, None if whole else receive, error.status, str(error))
        except BusyError:
            await _refuse(send, None if whole else receive, 503, _BUSY, _AGAIN)
        except GoneError:
            return
        finally:
            self._bodies.release(held)

    def _answer_small(self, body: bytes, head: Head) -> Reply:
        """Answer a body in one go."""
        _, content_type, accept, attributes = head
        began = perf_counter()
        try:
            found = self._handler.at_once(body, content_type, accept, attributes)
            if found is not None:
                return Reply(200, *found)
            return self._told(*self._handler.answer(Request(body, content_type, accept, attributes)))
        except RequestError as error:
            return refusal(error.status, str(error))
        except Exception:  # noqa: BLE001  # a model can fail in any way
            return _failed()
        finally:
            self._turns.spend(perf_counter() - began)

    async def _answer_large(self, body: bytes, head: Head) -> Reply:
        """Answer a long body step by step, one such body at a time; short ones are answered between the steps."""
        if self._large >= self._limits.waiting_large:
            raise BusyError
        self._large += 1
        try:
            async with self._one_large:
                steps = self._handler.steps(Request(body, head.content_type, head.accept, head.attributes))
                while True:
                    await self._turns.go_on()
                    began = perf_counter()
                    try:
                        next(steps)
                    except StopIteration as end:
                        return self._told(*end.value)
                    finally:
                        self._turns.spend(perf_counter() - began)
        except (RequestError, BusyError):
            raise
        except Exception:  # noqa: BLE001  # a model can fail in any way
            return _failed()
        finally:
            self._large -= 1

    def _told(self, text: str | bytes, media: str) -> Reply:
        body = text.encode() if isinstance(text, str) else text
        if len(body) > self._limits.body:
            raise RequestError(f"the answer is longer than {self._limits.body >> 20} MiB; send fewer rows.", 413)
        return Reply(200, body, media)


def _failed() -> Reply:
    """The answer where the model itself is at fault: the log says which, the client that it is not theirs."""
    traceback.print_exc(file=sys.stderr)
    return refusal(500, "the model failed to answer; its log says why.")


async def _send(send: Send, reply: Reply) -> None:
    await send({"type": "http.response.start", "status": reply.status, "headers": reply.headers})
    await send({"type": "http.response.body", "body": reply.body})


async def _refuse(send: Send, unread: Receive | None, status: int, sentence: str, *more: tuple[bytes, bytes]) -> None:
    """Answer with an error. Where a body may still be on its way, the connection ends once it is there."""
    if unread is None:
        await _send(send, refusal(status, sentence, *more))
        return
    reply = refusal(status, sentence, CLOSE, *more)
    await send({"type": "http.response.start", "status": status, "headers": reply.headers})
    await send({"type": "http.response.body", "body": reply.body, "more_body": True})
    await discard(unread)
    await send({"type": "http.response.body", "body": b""})
