"""Rows in a file as the bodies of requests: what type they are, and as many requests as an endpoint's limit needs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

from cli.errors import CommandError

CSV = "text/csv"
JSON = "application/json"
LINES = "application/jsonlines"
LIMIT_BYTES = 6 << 20
# Room for the header and brackets that each request has of its own.
_CHUNK_BYTES = 5 << 20
_SUFFIXES = {".csv": CSV, ".tsv": CSV, ".json": JSON, ".jsonl": LINES, ".ndjson": LINES, ".jsonlines": LINES}
_SEPARATORS = ",;\t|"


def kind_of(name: str, content: bytes) -> str:
    """Return the type of a file, by its name or else by how it begins."""
    suffix = name[name.rfind(".") :].lower() if "." in name else ""
    if suffix in _SUFFIXES:
        return _SUFFIXES[suffix]
    start = content.lstrip()[:1]
    if start == b"{" and b"\n{" in content.strip():
        return LINES
    return JSON if start in (b"{", b"[") else CSV


def bodies(content: bytes, kind: str) -> Iterator[tuple[str, str]]:
    """Yield the requests' bodies with their content types: tables are sent in parts, each with the table's header.

    Raises:
        CommandError: the file cannot be read as its type, or cannot be sent in parts.
    """
    if not content.strip():
        message = "The file holds no rows."
        raise CommandError(message)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        message = "The file is not UTF-8 text. Save it as UTF-8, or name its type with --content-type."
        raise CommandError(message) from None
    if kind == CSV:
        yield from ((body, CSV) for body in _tables(text))
    elif kind == LINES:
        yield from ((json.dumps({"instances": rows}), JSON) for rows in _parts(_records(text)))
    elif len(content) > LIMIT_BYTES:
        message = f"The file has {len(content)} bytes, and an endpoint takes {LIMIT_BYTES}. Write it as JSON Lines."
        raise CommandError(message)
    else:
        yield text, JSON


def merged(answers: list[str], accept: str) -> str:
    """Return the answers to the parts of one file as one."""
    if accept != JSON or len(answers) == 1:
        return "".join(answer if answer.endswith("\n") or not answer else f"{answer}\n" for answer in answers)
    found: list[Any] = []
    for answer in answers:
        content = json.loads(answer)
        found += content["predictions"] if isinstance(content, dict) and "predictions" in content else content
    return json.dumps({"predictions": found}) + "\n"


def _tables(text: str) -> Iterator[str]:
    separator = max(_SEPARATORS, key=text.split("\n", 1)[0].count)
    if separator == "," and len(text) <= _CHUNK_BYTES:
        yield text
        return
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True) if row]
    except csv.Error as error:
        message = f"The file is not CSV: {error}."
        raise CommandError(message) from None
    lines = [_line(row) for row in rows]
    for part in _parts(lines[1:]) if len(lines) > 1 else [[]]:
        yield lines[0] + "".join(part)


def _line(row: list[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow(row)
    return buffer.getvalue()


def _records(text: str) -> Iterator[Any]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                yield json.loads(line)
            except ValueError as error:
                message = f"Line {number} of the file is not JSON: {error}."
                raise CommandError(message) from None


def _parts(items: Iterable[Any]) -> Iterator[list[Any]]:
    pending: list[Any] = []
    size = 0
    for item in items:
        length = len(item if isinstance(item, str) else json.dumps(item))
        if pending and size + length > _CHUNK_BYTES:
            yield pending
            pending, size = [], 0
        pending.append(item)
        size += length
    if pending:
        yield pending
