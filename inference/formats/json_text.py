"""One JSON text: rows in a list, under `instances` or `records`, or the cells of each column."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, NoReturn

from inference.formats.table import RequestError, Table, checked_names

_KEYS = ("instances", "records")
_COLUMNS, _DATA, _INDEX = "columns", "data", "index"
_FORMS = (
    'the body must be {"instances": [row, …]}, a row being a list or an object by column names, or '
    '{"columns": {"name": [cell, …], …}}.'
)


def loads(text: str) -> Any:
    """What a JSON text holds; raises ValueError or RecursionError, as for NaN and Infinity, which are no JSON."""
    return _DECODER.decode(text)


def read(text: str, names: Collection[str]) -> Table:
    """The rows of a body; `names` tell an object of columns, or a row on its own, from anything else."""
    try:
        content = loads(text)
    except (ValueError, RecursionError) as error:
        raise RequestError(f"the body is not JSON: {error}.") from error
    if isinstance(content, dict):
        return _object(content, names)
    if not isinstance(content, list):
        raise RequestError(_FORMS)
    return Table(iter(content))


def _object(content: dict[str, Any], names: Collection[str]) -> Table:
    if len(content) == 1:
        rows = next((content[key] for key in _KEYS if key in content), None)
        if isinstance(rows, list):
            return Table(iter(rows))
    columns = content.get(_COLUMNS)
    if isinstance(columns, dict) and len(content) == 1:
        return _columns(columns)
    if isinstance(columns, list) and content.keys() - {_INDEX} == {_COLUMNS, _DATA}:
        return _split(columns, content[_DATA])
    if not any(name in names for name in content):
        raise RequestError(_FORMS)
    return _columns(content) if all(isinstance(cells, list) for cells in content.values()) else Table(iter([content]))


def _columns(columns: Mapping[str, Any]) -> Table:
    if not all(isinstance(cells, list) for cells in columns.values()):
        raise RequestError(_FORMS)
    lengths = {name: len(cells) for name, cells in columns.items()}
    longest = max(lengths.values(), default=0)
    for name, length in lengths.items():
        if length != longest:
            raise RequestError(f"column {name[:80]} has {length} cells where another has {longest}.")
    return Table(zip(*columns.values(), strict=True), tuple(columns))


def _split(columns: list[Any], rows: Any) -> Table:
    if not all(isinstance(name, str) for name in columns) or not isinstance(rows, list):
        raise RequestError(_FORMS)
    return Table(_as_wide(rows, len(columns)), checked_names(columns))


def _as_wide(rows: list[Any], width: int) -> Iterator[list[Any]]:
    for number, row in enumerate(rows, 1):
        if not isinstance(row, list):
            raise RequestError(f"row {number} is no list of cells.")
        if len(row) != width:
            raise RequestError(f"row {number}: a row has {len(row)} cells where {width} columns are named.")
        yield row


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON; give null where a value is missing")


_DECODER = json.JSONDecoder(parse_constant=_refuse)
quoted: Callable[[str], str] = json.dumps
"""A text as JSON writes it."""
