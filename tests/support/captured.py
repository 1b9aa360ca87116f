"""Captured requests as SageMaker's endpoints write them, from rows."""

from __future__ import annotations

import base64
import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

Rows = Sequence[Sequence[Any]]


def captured_line(rows: Rows, encoding: str = "CSV", *, moment: str = "2026-11-20T10:00:00Z", names: Any = None) -> str:
    """A line of JSON Lines: one request with its rows, in the encoding, or in base64 as CSV; `names` make a header."""
    body, content_type = _body(rows, encoding, names)
    data = base64.b64encode(body.encode()).decode() if encoding == "BASE64" else body
    return json.dumps(
        {
            "captureData": {
                "endpointInput": {
                    "observedContentType": content_type,
                    "mode": "INPUT",
                    "data": data,
                    "encoding": encoding,
                },
                "endpointOutput": {
                    "observedContentType": "application/json",
                    "mode": "OUTPUT",
                    "data": json.dumps({"predictions": [{"score": 0.5} for _ in rows]}),
                    "encoding": "JSON",
                },
            },
            "eventMetadata": {"eventId": "a6f8-0", "inferenceTime": moment},
            "eventVersion": "0",
        }
    )


def _body(rows: Rows, encoding: str, names: Any) -> tuple[str, str]:
    if encoding == "JSON":
        instances: list[Any] = [list(row) for row in rows]
        if names is not None:
            instances = [dict(zip(names, row, strict=True)) for row in rows]
        return json.dumps({"instances": instances}), "application/json"
    text = io.StringIO()
    csv.writer(text).writerows([*([names] if names is not None else []), *rows])
    return text.getvalue(), "text/csv; charset=utf-8"


def captured_key(endpoint: str, number: int, day: str = "2026/11/20") -> str:
    """The key of a file below what the endpoint's configuration names."""
    return f"{endpoint}/AllTraffic/{day}/10/{number:02}-00-000-0a1b2c3d.jsonl"


def files(lines: Mapping[str, Sequence[str]]) -> dict[str, bytes]:
    """Files by their keys, from lines by their keys."""
    return {key: ("\n".join(each) + "\n").encode() for key, each in lines.items()}
