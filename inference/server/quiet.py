"""uvicorn as our servers use it: it says nothing by itself, leaves signals to its caller, and drains when it ends."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any, Literal

from uvicorn import Config, Server


def quiet_server(
    application: Any,
    protocol: type[asyncio.Protocol],
    *,
    loop: Literal["auto", "asyncio"],
    keep_alive_seconds: int,
    drain_seconds: int,
    most_connections: int | None = None,
    dated: bool = False,
) -> Server:
    """Return a server of an ASGI application; its answers have the header Date where they are to be `dated`.

    It ends once its `should_exit` is set: no connection is taken any more, what has begun is answered within
    `drain_seconds`; at once where `force_exit` is set too.
    """
    config = Config(
        application,
        http=protocol,
        loop=loop,
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        # Its warnings are about clients that speak no HTTP.
        log_level="critical",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=dated,
        limit_concurrency=most_connections,
        timeout_keep_alive=keep_alive_seconds,
        timeout_graceful_shutdown=drain_seconds,
    )
    server = Server(config)
    # Its own handlers would end the process by the signal again, after that was answered.
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign,assignment]
    return server
