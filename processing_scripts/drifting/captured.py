"""Reads what endpoints captured: JSON Lines, a request with its answer in each.

Source: SageMaker Developer Guide, 'Capture data from real-time endpoint'. A line is

    {"captureData": {"endpointInput": {"observedContentType": "text/csv", "mode": "INPUT", "data": "1,red",
     "encoding": "CSV"}, "endpointOutput": …}, "eventMetadata": {"eventId": …, "inferenceTime": …}, "eventVersion": "0"}

with the body as text (encoding CSV or JSON) or in base64, as is every body whose type the endpoint's configuration does
not name. Whoever may call an endpoint chooses what stands there.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from inference.requests import RequestError, raw_rows
from processing_scripts.drifting.baseline import Baseline

MOST_CELLS = 5_000_000
"""Cells that are looked at, some hundred megabytes: more would say nothing more."""
SUFFIX = ".jsonl"


@dataclass
class Captured:
    """The cells of each column in requests, the newest file's first; and what was left aside."""

    cells: dict[str, list[Any]]
    rows: int = 0
    requests: int = 0
    files: int = 0
    unreadable: int = 0
    times: list[str] = field(default_factory=lambda: ["", ""])
    """The first and the last moment, in ISO 8601, empty where there is none."""


def read_captured(folder: Path, baseline: Baseline) -> Captured:
    """Read all rows of the requests below a folder. What cannot be read is counted: a model refuses such requests."""
    wanted = [column.name for column in baseline.columns]
    found = Captured({name: [] for name in wanted})
    reader = _Rows(baseline)
    # Names hold dates: what is newest is looked at first.
    for path in sorted(folder.rglob(f"*{SUFFIX}"), reverse=True):
        if found.rows * len(wanted) >= MOST_CELLS:
            break
        found.files += 1
        for line in _lines(path):
            _take(line, reader, found)
    return found


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            if line.strip():
                yield line


def _take(line: str, reader: _Rows, found: Captured) -> None:
    found.requests += 1
    try:
        record = json.loads(line)
        rows = reader.rows(record["captureData"]["endpointInput"])
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError, RequestError):
        found.unreadable += 1
        return
    for row in rows:
        for name, cells in found.cells.items():
            cells.append(row.get(name))
    found.rows += len(rows)
    _note_time(record, found)


def _note_time(record: Any, found: Captured) -> None:
    metadata = record.get("eventMetadata")
    moment = metadata.get("inferenceTime") if isinstance(metadata, dict) else None
    if isinstance(moment, str) and len(moment) <= 40:
        first, last = found.times
        found.times = [min(first or moment, moment), max(last, moment)]


class _Rows:
    """Turns captured requests into rows by the names of their columns."""

    def __init__(self, baseline: Baseline) -> None:
        self._names = baseline.names
        self._known = {*baseline.names, baseline.target}

    def rows(self, request: Any) -> list[dict[str, Any]]:
        """The rows of a request; raises RequestError or ValueError for one that no model of this baseline takes."""
        body = _body(str(request["encoding"]), request["data"])
        given: Sequence[Any] = raw_rows(body, str(request["observedContentType"]), self._known)
        return [self._row(row) for row in given]

    def _row(self, row: Any) -> dict[str, Any]:
        if isinstance(row, dict):
            if not row.keys() <= self._known:
                raise ValueError("columns that the model does not know")
            return row
        if not isinstance(row, list) or len(row) != len(self._names):
            raise ValueError("a row of another width")
        return dict(zip(self._names, row, strict=True))


def _body(encoding: str, data: Any) -> str | bytes:
    if not isinstance(data, str):
        raise ValueError("a body that is no text")
    if encoding.upper() != "BASE64":
        return data
    try:
        return base64.b64decode(data, validate=True)
    except binascii.Error as error:
        raise ValueError("a body that is not base64") from error
