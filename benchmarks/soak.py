"""Mixed load on our server, every answer held against what the model itself says, and its memory watched."""

from __future__ import annotations

import http.client
import io
import json
import random
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.contenders import Running, ours, running
from benchmarks.serving_model import COLUMNS, body, rows, trained
from inference.formats.table import RequestError
from inference.handler import Request
from inference.serving import model_fn

CLIENTS = 8
_TYPES = ("text/csv", "application/json", "application/jsonlines", "application/x-npy")


@dataclass(frozen=True)
class _Question:
    """A request, and the status and body that answer it."""

    request: Request
    status: int
    expected: bytes


@dataclass
class _Tally:
    """What came of the questions."""

    answers: int = 0
    again: int = 0
    wrong: list[str] = field(default_factory=list)
    taken: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


def soak(minutes: float) -> tuple[str, int]:
    """Load the server for some minutes; returns what is to be said, and how many answers were wrong."""
    with tempfile.TemporaryDirectory() as name:
        model = trained(Path(name))
        questions, tally = _questions(model), _Tally()
        with running(ours(model)) as server:
            until = time.monotonic() + minutes * 60
            clients = [
                threading.Thread(target=_ask, args=(server.port, questions, tally, until, seed))
                for seed in range(CLIENTS)
            ]
            for client in clients:
                client.start()
            memory = _watch(server, until)
            for client in clients:
                client.join()
    ordered = sorted(tally.taken)
    told = [
        f"{tally.answers} answers in {minutes:g} minutes to {CLIENTS} clients, {len(tally.wrong)} of them wrong",
        f"{tally.again} times the server asked to come again",
        f"p50 {ordered[len(ordered) // 2] * 1e3:.1f} ms, p99 {ordered[len(ordered) * 99 // 100] * 1e3:.1f} ms",
        "megabytes of the worker, ten times: " + " ".join(f"{each:.0f}" for each in memory),
        *tally.wrong[:5],
    ]
    return "\n".join(told), len(tally.wrong)


def _watch(server: Running, until: float) -> list[float]:
    step = (until - time.monotonic()) / 10
    found = []
    for _ in range(10):
        time.sleep(step)
        found.append(server.memory())
    return found


def _questions(model: Path) -> list[_Question]:
    """Requests of all forms and sizes, good and bad, the large ones rare."""
    handler = model_fn(str(model)).handler
    requests = [
        Request(_encoded([row[:-1] for row in rows(count, seed)], kind), kind, accept)
        for seed, count in enumerate([1] * 12 + [3, 40, 700])
        for kind in _TYPES
        for accept in ("*/*", "application/json;output=scores", "text/csv;header=present")
    ]
    bad = [b"1,2\n", b"", b"\xff", b"x" + b"," * 19 + b"\n", body(300, 3) + b"1,2\n"]
    requests += [Request(each, "text/csv") for each in bad] + [Request(b"{}", "application/json"), Request(b"", "a/b")]
    requests.append(Request(body(26_000, 4)[: 6 << 20].rpartition(b"\n")[0], "text/csv"))
    questions = []
    for request in requests:
        try:
            reply = handler.answer(request).body
            questions.append(_Question(request, 200, reply.encode() if isinstance(reply, str) else reply))
        except RequestError as error:
            questions.append(_Question(request, error.status, json.dumps({"error": str(error)}).encode()))
    return questions


def _encoded(cells: list[list[str]], kind: str) -> bytes:
    if kind == "text/csv":
        return "".join(",".join(row) + "\n" for row in cells).encode()
    if kind == "application/x-npy":
        buffer = io.BytesIO()
        np.save(buffer, np.array(cells))
        return buffer.getvalue()
    records = [dict(zip(COLUMNS, row, strict=True)) for row in cells]
    if kind == "application/json":
        return json.dumps({"instances": records}).encode()
    return "\n".join(map(json.dumps, records)).encode()


def _ask(port: int, questions: list[_Question], tally: _Tally, until: float, seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - chooses requests
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    weights = [1.0 if len(each.request.body) < 100_000 else 0.02 for each in questions]
    while time.monotonic() < until:
        asked = draw.choices(questions, weights)[0]
        began = time.perf_counter()
        headers = {"Content-Type": asked.request.content_type, "Accept": asked.request.accept or "*/*"}
        connection.request("POST", "/invocations", asked.request.body, headers)
        reply = connection.getresponse()
        found = reply.read()
        took = time.perf_counter() - began
        with tally.lock:
            if reply.status == 503:
                tally.again += 1
                continue
            tally.answers += 1
            tally.taken.append(took)
            if (reply.status, found) != (asked.status, asked.expected):
                tally.wrong.append(
                    f"{asked.request.content_type} {asked.request.accept}: {reply.status} {found[:200]!r}"
                )
    connection.close()
