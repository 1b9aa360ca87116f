"""Loads an HTTP server: with wrk where it is on the PATH, else with a client in Python, which is the slower of the two.

python -m benchmarks.load URL FILE CONTENT-TYPE CONNECTIONS SECONDS
"""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

_UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0}
_LUA = """wrk.method = "POST"
local file = io.open("%s", "rb")
wrk.body = file:read("*a")
file:close()
wrk.headers["Content-Type"] = "%s"
"""


@dataclass(frozen=True)
class Load:
    """What a server did under a load: requests a second, and seconds within which half and 99 of 100 were answered."""

    requests: float
    p50: float
    p99: float
    errors: int


def generator() -> str:
    """What makes the load."""
    return "wrk" if shutil.which("wrk") else "a client in Python (wrk is not on the PATH)"


def load(url: str, body: Path, content_type: str, connections: int, seconds: float) -> Load:
    """Send a body again and again over some connections, each waiting for its answer."""
    if shutil.which("wrk"):
        return _wrk(url, body, content_type, connections, seconds)
    argv = [sys.executable, "-m", "benchmarks.load", url, str(body), content_type, str(connections), str(seconds)]
    told = subprocess.run(argv, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1])
    return Load(**json.loads(told.stdout))


def _wrk(url: str, body: Path, content_type: str, connections: int, seconds: float) -> Load:
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(_LUA % (body, content_type))
        script.flush()
        argv = ["wrk", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout", "30s", "--latency"]
        told = subprocess.run([*argv, "-s", script.name, url], capture_output=True, text=True, check=True).stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", told)
    if rate is None:
        message = f"wrk said something else than expected:\n{told}"
        raise SystemExit(message)
    return Load(float(rate[1]), _latency(told, 50), _latency(told, 99), int(bad[1]) if bad else 0)


def _latency(told: str, percent: int) -> float:
    found = re.search(rf"\s{percent}%\s+([\d.]+)(us|ms|s|m)\b", told)
    return float(found[1]) * _UNITS[found[2]] if found else float("nan")


class _Client(asyncio.Protocol):
    """One connection that asks again as soon as it is answered."""

    def __init__(self, request: bytes, taken: list[float], errors: list[int]) -> None:
        self._request, self._taken, self._errors = request, taken, errors
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - what create_connection gives
        self._transport = transport
        self._ask()

    def _ask(self) -> None:
        self._began = time.perf_counter()
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        if len(rest) < (int(length[1]) if length else 0):
            return
        self._taken.append(time.perf_counter() - self._began)
        self._errors[0] += head[9:12] != b"200"
        self._buffer = b""
        self._ask()


async def _python(url: str, body: bytes, content_type: str, connections: int, seconds: float) -> Load:
    parts = urlsplit(url)
    host, port = parts.hostname or "127.0.0.1", parts.port or 80
    head = f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: {content_type}\r\n"
    request = f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
    taken: list[float] = []
    errors = [0]
    loop = asyncio.get_running_loop()
    for _ in range(connections):
        await loop.create_connection(lambda: _Client(request, taken, errors), host, port)
    began = time.perf_counter()
    await asyncio.sleep(seconds)
    ordered = sorted(taken)
    if not ordered:
        return Load(0.0, float("nan"), float("nan"), errors[0])
    rate = len(ordered) / (time.perf_counter() - began)
    return Load(rate, ordered[len(ordered) // 2], ordered[len(ordered) * 99 // 100], errors[0])


if __name__ == "__main__":
    _, _url, _file, _type, _connections, _seconds = sys.argv
    _found = asyncio.run(_python(_url, Path(_file).read_bytes(), _type, int(_connections), float(_seconds)))
    print(json.dumps(asdict(_found)))
