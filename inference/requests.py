"""Reads the body of a request: raw rows in one of the formats, by their media types."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import Any

from inference.formats import csv_text, json_lines, json_text, npy, parquet
from inference.formats.table import RequestError, Table, bytes_of, text_of
from inference.media_types import CSV, JSON, JSON_LINES, NPY, PARQUET, SAME, parse

__all__ = ["CSV", "JSON", "RequestError", "format_of", "raw_rows", "read_table"]

_UTF8 = ("utf-8", "utf8", "us-ascii", "ascii")


def read_table(body: str | bytes, content_type: str, names: Collection[str]) -> Table:
    """The rows in a body as they stand there, read as they are asked for.

    `names` are the columns that a model knows: they tell a header from a row. Raises RequestError where the body
    cannot be read, at once or while the rows are read.
    """
    kind, header = format_of(content_type)
    if kind == NPY:
        return npy.read(bytes_of(body))
    if kind == PARQUET:
        return parquet.read(bytes_of(body))
    if kind == CSV:
        return csv_text.read(body, names, header)
    text = text_of(body)
    return json_text.read(text, names) if kind == JSON else json_lines.read(text)


def raw_rows(body: str | bytes, content_type: str, names: Collection[str]) -> list[Any]:
    """The rows in a body: lists of cells, or cells by the names of their columns.

    Raises RequestError where the body cannot be read.
    """
    table = read_table(body, content_type, names)
    if table.names is None:
        return list(table.rows)
    columns = table.names
    return [dict(zip(columns, row, strict=True)) for row in table.rows]


@lru_cache(maxsize=256)
def format_of(content_type: str) -> tuple[str, bool | None]:
    """The format that a content type names, and whether it says that CSV has a header (None: it does not say).

    Raises RequestError, 415, for a type or a character set that is not read here.
    """
    media = parse(content_type)
    kind = SAME.get(media.type, media.type)
    if kind not in (CSV, JSON, JSON_LINES, NPY, PARQUET):
        trouble = f"the content type {content_type[:80]} is not served" if content_type else "no content type is given"
        raise RequestError(f"{trouble}; send {CSV}, {JSON}, {JSON_LINES}, {NPY} or {PARQUET}.", 415)
    charset = media.parameters.get("charset", "utf-8").lower()
    if charset not in _UTF8:
        raise RequestError(f"the character set {charset[:40]} is not served; send UTF-8.", 415)
    return kind, {"present": True, "absent": False}.get(media.parameters.get("header", "").lower())
