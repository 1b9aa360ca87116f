"""The JSONPath that data processing in batch transform understands.

Source: SageMaker Developer Guide, "Associate Prediction Results with Input Records", supported JSONPath operators:
`$`, `.name`, `*`, `['name', …]`, `[index, …]` and `[start:end]`, the latter two also mixed, as in `$[0,5:]`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeAlias

_NAME = re.compile(r"\.(?:([A-Za-z_][\w-]*)|(\*))")
_BRACKET = re.compile(r"\[\s*((?:'[^']*'|\"[^\"]*\"|[^\[\]'\"])*)\s*\]")
_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_INDEX = re.compile(r"(-?\d+)|(-?\d+)?\s*:\s*(-?\d+)?")

Pick: TypeAlias = Callable[[Any], Any]


class PathError(ValueError):
    """A path that cannot be read, or does not fit the record; the message is a sentence without its subject."""


def parse(text: str) -> Pick:
    """Return what picks a path's part out of a record.

    Raises:
        PathError: the text is no such path. What the returned function raises, too, where a record lacks the part.
    """
    if not text.startswith("$"):
        message = f"{text!r} is no JSONPath: it starts with $."
        raise PathError(message)
    steps: list[Pick] = []
    position = 1
    while position < len(text):
        match = _NAME.match(text, position) or _BRACKET.match(text, position)
        if match is None:
            message = f"{text!r} is no JSONPath that batch transform takes, from {text[position:]!r} on."
            raise PathError(message)
        steps.append(_step(match, text))
        position = match.end()

    def pick(record: Any) -> Any:
        for step in steps:
            record = step(record)
        return record

    return pick


def _step(match: re.Match[str], text: str) -> Pick:
    if match.re is _NAME:
        return _all if match[2] else _member(match[1])
    inside = match[1].strip()
    if inside == "*":
        return _all
    names = _QUOTED.findall(inside)
    if names and not _QUOTED.sub("", inside).replace(",", "").strip():
        found = [single or double for single, double in names]
        return _member(found[0]) if len(found) == 1 else _members(found)
    parts = [_INDEX.fullmatch(part.strip()) for part in inside.split(",")]
    if not inside or any(part is None for part in parts):
        message = f"{text!r} is no JSONPath that batch transform takes: [{inside}] names neither members nor elements."
        raise PathError(message)
    kept = [part for part in parts if part is not None]
    return _element(int(kept[0][1])) if len(kept) == 1 and kept[0][1] is not None else _elements(kept)


def _member(name: str) -> Pick:
    def pick(record: Any) -> Any:
        if not isinstance(record, dict) or name not in record:
            message = f"has no member {name!r}."
            raise PathError(message)
        return record[name]

    return pick


def _members(names: list[str]) -> Pick:
    return lambda record: {name: _member(name)(record) for name in names}


def _all(record: Any) -> Any:
    return list(record.values()) if isinstance(record, dict) else _list(record)


def _element(index: int) -> Pick:
    def pick(record: Any) -> Any:
        found = _list(record)
        if not -len(found) <= index < len(found):
            message = f"has {len(found)} elements, and none at {index}."
            raise PathError(message)
        return found[index]

    return pick


def _elements(parts: list[re.Match[str]]) -> Pick:
    def pick(record: Any) -> Any:
        whole, found = _list(record), []
        for part in parts:
            if part[1] is not None:
                found.append(_element(int(part[1]))(whole))
            else:
                start, end = (int(bound) if bound else None for bound in (part[2], part[3]))
                found += whole[start:end]
        return found

    return pick


def _list(record: Any) -> list[Any]:
    if not isinstance(record, list):
        message = "is no list, which an index needs."
        raise PathError(message)
    return record
