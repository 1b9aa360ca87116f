"""Data capture: requests and answers as lines of JSON below the address that an endpoint's configuration names.

Source: SageMaker Developer Guide, 'Capture data from real-time endpoint'. A file is gathered for a moment and then
appears whole: a second where little is asked, up to half a minute where much is. Requests never wait for it, and what
cannot be kept is noted in the endpoint's log.
"""

from __future__ import annotations

import base64
import contextlib
import json
import threading
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from local.hosting.exchange import Exchange
from local.hosting.routing import CAPTURE, sampled
from local.jobs.log import note
from local.store.objects import s3_uri, split_uri
from local.store.store import Store

FIRST_SECONDS, LONGEST_SECONDS = 1.0, 30.0
_BUSY_LINES = 100
# A file is written sooner where it has so much, and more than this is not held.
FILE_BYTES, MOST_BYTES = 8 << 20, 64 << 20
_PIECES = (("endpointInput", "Input"), ("endpointOutput", "Output"))


def captured(config: Mapping[str, Any] | None, exchange: Exchange) -> bool:
    """Say whether a DataCaptureConfig asks for an exchange; the same inference id is always answered alike."""
    if config is None or not config.get("EnableCapture", True) or not 200 <= exchange.status < 300:
        return False
    share = config["InitialSamplingPercentage"] / 100
    return sampled(share, exchange.endpoint, CAPTURE, exchange.inference_id)


def line(config: Mapping[str, Any], exchange: Exchange) -> str:
    """Return an exchange as the service writes it."""
    modes = {option["CaptureMode"] for option in config.get("CaptureOptions", ())}
    headers = config.get("CaptureContentTypeHeader") or {}
    data: dict[str, Any] = {}
    for name, mode in _PIECES:
        if mode in modes or "InputAndOutput" in modes:
            asked = mode == "Input"
            body = exchange.request if asked else exchange.answer
            data[name] = _piece(mode, body, exchange.request_type if asked else exchange.answer_type, headers)
    metadata: dict[str, Any] = {"eventId": str(uuid.uuid4())}
    if exchange.custom_attributes:
        metadata["customAttributes"] = [exchange.custom_attributes]
    if exchange.inference_id:
        metadata["inferenceId"] = exchange.inference_id
    metadata["inferenceTime"] = _time(exchange).strftime("%Y-%m-%dT%H:%M:%SZ")
    return json.dumps({"captureData": data, "eventMetadata": metadata, "eventVersion": "0"})


def folder(config: Mapping[str, Any], exchange: Exchange) -> str:
    """Return the address of the folder where the files of an exchange's hour are."""
    base = s3_uri(config["DestinationS3Uri"]).rstrip("/")
    return f"{base}/{exchange.endpoint}/{exchange.variant}/{_time(exchange):%Y/%m/%d/%H}"


def _time(exchange: Exchange) -> datetime:
    return datetime.fromtimestamp(exchange.moment, UTC)


def _piece(mode: str, body: bytes, content_type: str, headers: Mapping[str, Any]) -> dict[str, str]:
    kind = content_type.partition(";")[0].strip().lower()
    encoding = "BASE64"
    for wanted, member in (("CSV", "CsvContentTypes"), ("JSON", "JsonContentTypes")):
        if kind in (each.lower() for each in headers.get(member, ())):
            encoding = wanted
    try:
        text = body.decode() if encoding != "BASE64" else base64.b64encode(body).decode()
    except UnicodeDecodeError:
        encoding, text = "BASE64", base64.b64encode(body).decode()
    return {"observedContentType": content_type, "mode": mode.upper(), "data": text, "encoding": encoding}


class Captures:
    """Gathers what is captured in this process and writes it; safe to use from several threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[tuple[Mapping[str, Any], Exchange, Path]] = []
        self._bytes = 0
        self._lost: dict[Path, int] = {}
        self._changed = threading.Condition()
        self._writing = threading.Lock()
        self._thread: threading.Thread | None = None

    def add(self, config: Mapping[str, Any], exchange: Exchange, log: Path) -> None:
        """Keep an exchange for the next file; where too much waits it is left out."""
        size = len(exchange.request) + len(exchange.answer)
        with self._changed:
            if self._bytes + size > MOST_BYTES:
                self._lost[log] = self._lost.get(log, 0) + 1
                return
            self._waiting.append((config, exchange, log))
            self._bytes += size
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, name="capture", daemon=True)
                self._thread.start()
            if self._bytes > FILE_BYTES or len(self._waiting) == 1:
                self._changed.notify()

    def flush(self) -> None:
        """Write what was gathered."""
        with self._writing:
            with self._changed:
                taken, self._waiting, self._bytes = self._waiting, [], 0
                lost, self._lost = self._lost, {}
            files: dict[str, list[tuple[Mapping[str, Any], Exchange, Path]]] = {}
            for each in taken:
                files.setdefault(folder(each[0], each[1]), []).append(each)
            for place, held in files.items():
                self._write(place, held)
            for log, number in lost.items():
                _note(log, f"{number} requests were not captured: more came than could be written.")

    def _write(self, place: str, held: list[tuple[Mapping[str, Any], Exchange, Path]]) -> None:
        name = f"{_time(held[0][1]):%M-%S-%f}"[:-3]
        try:
            content = "".join(f"{line(config, exchange)}\n" for config, exchange, _ in held).encode()
            bucket, key = split_uri(f"{place}/{name}-{uuid.uuid4()}.jsonl")
            self._store.objects.put(bucket, key, content)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next file is another one
            _note(held[0][2], f"{len(held)} requests could not be captured below {place}: {error}")

    def end(self) -> None:
        """End the thread; the next exchange starts another."""
        with self._changed:
            self._thread = None
            self._changed.notify_all()

    def _ended(self) -> bool:
        return self._thread is not threading.current_thread()

    def _serve(self) -> None:
        seconds = FIRST_SECONDS
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._ended())
                if self._ended():
                    return
                self._changed.wait_for(lambda: self._bytes > FILE_BYTES, seconds)
                busy = len(self._waiting) > _BUSY_LINES
            self.flush()
            seconds = min(2 * seconds, LONGEST_SECONDS) if busy else FIRST_SECONDS


def _note(log: Path, sentence: str) -> None:
    # Where nothing can be written, this cannot be said either.
    with contextlib.suppress(OSError):
        note(log, sentence)
