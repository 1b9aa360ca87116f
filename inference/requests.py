"""Reads the body of a request: raw rows as CSV or JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Collection, Sequence
from typing import Any, NoReturn

from inference.columns import FeaturesError
from inference.rows import RowTransform

CSV = "text/csv"
JSON = "application/json"
_KEYS = ("instances", "records")


class RequestError(Exception):
    """A request cannot be answered; the text is a whole sentence, `status` the HTTP code."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status = status


def read_rows(body: str | bytes, content_type: str, transform: RowTransform) -> list[list[float]]:
    """The features of every row in a body; raises RequestError with the first row that cannot be used."""
    rows = raw_rows(body, content_type, {*transform.features.names, transform.features.target})
    if not rows:
        raise RequestError("the body holds no rows.")
    return [_features(row, number, transform) for number, row in enumerate(rows, 1)]


def raw_rows(body: str | bytes, content_type: str, names: Collection[str]) -> list[Any]:
    """The rows in a body as they stand there: lists of cells, or cells by the names of their columns.

    ``names`` tell a header from a row. Raises RequestError where the body cannot be read.
    """
    kind = media_type(content_type)
    if kind not in (CSV, JSON):
        raise RequestError(f"the content type {content_type or 'missing'} is not served; send {CSV} or {JSON}.", 415)
    try:
        text = body.decode("utf-8-sig") if isinstance(body, bytes) else body.removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise RequestError("the body is not UTF-8 text.") from error
    return _csv_rows(text, names) if kind == CSV else _json_rows(text)


def media_type(header: str) -> str:
    """A content type without its parameters."""
    return header.partition(";")[0].strip().lower()


def _features(row: Any, number: int, transform: RowTransform) -> list[float]:
    try:
        if isinstance(row, dict):
            return transform.record(row)
        if isinstance(row, list):
            return transform.values(row)
    except FeaturesError as error:
        raise RequestError(f"row {number}: {error}") from error
    raise RequestError(f"row {number} is neither a list of cells nor an object by column names.")


def _csv_rows(text: str, names: Collection[str]) -> list[Any]:
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]
    except csv.Error as error:
        raise RequestError(f"the body is not CSV: {error}.") from error
    if not rows or not _is_header(rows[0], names):
        return rows
    header = [name.strip() for name in rows[0]]
    if len(set(header)) != len(header):
        raise RequestError("the header names a column twice.")
    for number, row in enumerate(rows[1:], 1):
        if len(row) != len(header):
            raise RequestError(f"row {number}: a row has {len(row)} cells under a header of {len(header)}.")
    return [dict(zip(header, row, strict=True)) for row in rows[1:]]


def _is_header(cells: Sequence[str], names: Collection[str]) -> bool:
    """Whether most cells are names of columns; what the others are is said when the rows are read."""
    return 2 * sum(cell.strip() in names for cell in cells) > len(cells)


def _json_rows(text: str) -> list[Any]:
    try:
        content = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise RequestError(f"the body is not JSON: {error}.") from error
    if isinstance(content, dict) and len(content) == 1:
        content = next((content[key] for key in _KEYS if key in content), None)
    if not isinstance(content, list):
        raise RequestError('the body must be {"instances": [row, …]}, a row being a list or an object by column names.')
    return content


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON; give null where a value is missing")
