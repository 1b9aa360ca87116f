"""The least that uvicorn can do: it reads the request and answers the same bytes.

uvicorn --host 127.0.0.1 --port PORT --no-access-log benchmarks.serving_peers.constant_app:app
"""

from __future__ import annotations

from typing import Any

_BODY = b"no,0.005769268\n"
_START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"text/csv"), (b"content-length", b"%d" % len(_BODY))],
}


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Answer."""
    if scope["type"] == "http":
        await receive()
        await send(_START)
        await send({"type": "http.response.body", "body": _BODY})
