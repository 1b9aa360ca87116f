"""One JSON text: rows in a list, under `instances` or `records`, or the cells of each column."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, NoReturn

from inference.formats.table import RequestError, Table, checked_names

_KEYS = ("instances", "records")
_LARGE = 64 << 10
_SPACES = " \t\r\n"
# A list of rows, on its own or under one of the keys.
_ROWS = re.compile(r'[ \t\r\n]*(\{[ \t\r\n]*"(?:instances|records)"[ \t\r\n]*:[ \t\r\n]*)?\[[ \t\r\n]*')
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
    if len(text) > _LARGE and (start := _ROWS.match(text)) is not None:
        return Table(_one_by_one(text, start))
    try:
        content = loads(text)
    except (ValueError, RecursionError) as error:
        raise RequestError(f"the body is not JSON: {error}.") from error
    if isinstance(content, dict):
        return _object(content, names)
    if not isinstance(content, list):
        raise RequestError(_FORMS)
    return Table(iter(content))


def _one_by_one(text: str, start: re.Match[str]) -> Iterator[Any]:
    """The rows of a large list, each decoded when its turn comes: all at once would keep others waiting."""
    place, closed = start.end(), start[1] is None
    try:
        while text[place] != "]":
            row, place = _DECODER.raw_decode(text, place)
            yield row
            place = _space(text, place)
            if text[place] == ",":
                place = _space(text, place + 1)
                if text[place] == "]":
                    raise ValueError(f"a row is missing: char {place}")
            elif text[place] != "]":
                raise ValueError(f"a comma is missing between rows: char {place}")
    except (ValueError, RecursionError) as error:
        raise RequestError(f"the body is not JSON: {error}.") from error
    except IndexError as error:
        raise RequestError("the body is not JSON: it ends within the list of rows.") from error
    rest = text[place + 1 :].strip(_SPACES)
    if rest != ("" if closed else "}"):
        raise RequestError(_FORMS)


def _space(text: str, place: int) -> int:
    """Where the next thing begins that is no white space."""
    while text[place] in _SPACES:
        place += 1
    return place


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
