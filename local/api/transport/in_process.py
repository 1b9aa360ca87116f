"""boto3's requests answered without a network: botocore hands each to us before it would be sent."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, cast

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.client import BaseClient

from local.api.dispatch import Dispatcher
from local.api.protocols.http import HttpRequest, HttpResponse, Reader
from local.api.transport.answer import answer

CHUNK = 1 << 16


def attach(client: BaseClient, dispatcher: Dispatcher) -> None:
    """Make a client's every request end in the dispatcher; no request of its can reach a network any more."""
    service = client.meta.service_model.service_name
    event = client.meta.service_model.service_id.hyphenize()

    def send(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        body = _reader(request.body)
        response = answer(
            dispatcher, service, HttpRequest.make(request.method, request.url, dict(request.headers.items()), body)
        )
        return _as_botocore(request.url, response)

    # botocore takes what the first handler returns for the response; the stubs know only handlers without one.
    client.meta.events.register_first("before-send", cast(Any, send))
    # Nothing here gets better by asking again, and errors would say how often that was tried.
    client.meta.events.unregister(f"needs-retry.{event}", unique_id=f"retry-config-{event}")


def _reader(body: Any) -> Reader:
    if body is None:
        return io.BytesIO()
    if isinstance(body, str):
        return io.BytesIO(body.encode())
    if isinstance(body, bytes | bytearray):
        return io.BytesIO(bytes(body))
    return cast(Reader, body)


def _as_botocore(url: str, response: HttpResponse) -> AWSResponse:
    raw = _Raw(io.BytesIO(response.body) if isinstance(response.body, bytes) else response.body)
    return AWSResponse(url, response.status, cast(Any, response.headers), raw)


class _Raw(io.RawIOBase):
    """What botocore expects of urllib3's response. A body that was read to its end is closed there and then."""

    def __init__(self, source: Reader) -> None:
        self._source = source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._source.read(len(buffer))
        buffer[: len(data)] = data
        if not data:
            self._release()
        return len(data)

    def read(self, size: int | None = -1, /) -> bytes:
        data = self._source.read(-1 if size is None else size)
        if size is None or size < 0 or not data:
            self._release()
        return data

    def stream(self, amt: int = CHUNK, **_: Any) -> Iterator[bytes]:
        while data := self.read(amt):
            yield data

    def close(self) -> None:
        self._release()
        super().close()

    def _release(self) -> None:
        close = getattr(self._source, "close", None)
        if close is not None:
            close()
            self._source = io.BytesIO()
