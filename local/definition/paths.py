"""Property paths such as `Outputs['train'].S3Output.S3Uri`: reading them, and following them through a document."""

from __future__ import annotations

import re
from collections.abc import Sequence

from local.definition.findings import Json, quote

# A list in a job's description is indexed by number, or by the name of one of its elements. These are the members
# that name an element, in the order in which they are tried.
NAMING_MEMBERS = (
    "OutputName",
    "InputName",
    "ChannelName",
    "Name",
    "VariantName",
    "MetricName",
    "TrainingJobName",
    "Key",
)

_SEGMENT = re.compile(r"\.?([^.\[\]'\"\s][^.\[\]]*)|\[(?:'([^']*)'|\"([^\"]*)\"|(\d{1,9}))\]")


class PathError(ValueError):
    """A path that cannot be read, or leads nowhere in the document it was tried on."""


def parse_path(text: str) -> tuple[str | int, ...]:
    """Splits a path into member names and list indexes; a leading `$` (JsonPath's root) is allowed.

    Raises:
        PathError: the text is not a path; the message says where it stops being one.
    """
    rest = text[1:] if text.startswith("$") else text
    parts: list[str | int] = []
    position = 0
    while position < len(rest):
        match = _SEGMENT.match(rest, position)
        dotted = rest[position] == "."
        if match is None or (position > 0 and not dotted and match.group(1) is not None):
            raise PathError(f"{quote(text)} is not a property path: it cannot be read from {quote(rest[position:])}.")
        name, single, double, index = match.groups()
        parts.append(int(index) if index is not None else next(p for p in (name, single, double) if p is not None))
        position = match.end()
    return tuple(parts)


def select(document: Json, path: str | Sequence[str | int]) -> Json:
    """Follows a path through a parsed JSON document.

    A list is indexed by number or by the name of an element (`Outputs['train']` is the output whose `OutputName` is
    `train`).

    Raises:
        PathError: the path cannot be read or leads nowhere; the message says which part has no match.
    """
    parts = parse_path(path) if isinstance(path, str) else tuple(path)
    value = document
    for depth, part in enumerate(parts):
        try:
            value = _child(value, part)
        except LookupError as error:
            raise PathError(_explain(value, part, parts[:depth])) from error
    return value


def _child(value: Json, part: str | int) -> Json:
    if isinstance(value, dict):
        return value[part if isinstance(part, str) else str(part)]
    if isinstance(value, list):
        if isinstance(part, int):
            return value[part]
        for member in NAMING_MEMBERS:
            for element in value:
                if isinstance(element, dict) and element.get(member) == part:
                    return element
    raise KeyError(part)


def _explain(value: Json, part: str | int, before: Sequence[str | int]) -> str:
    place = f"in {join_path(before)}" if before else "at its top"
    if isinstance(value, dict):
        found = f"it has {', '.join(quote(key) for key in list(value)[:12])}" if value else "it is empty"
    elif isinstance(value, list):
        found = f"it is a list of {len(value)}"
    else:
        found = f"it is {quote(value)}"
    return f"there is no {quote(part)} {place}: {found}."


def join_path(parts: Sequence[str | int]) -> str:
    """Writes parsed parts back as a path."""
    text = ""
    for part in parts:
        if isinstance(part, int):
            text += f"[{part}]"
        elif part and not set(part) & set(".[]'\" "):
            text += f".{part}" if text else part
        else:
            text += f"['{part}']"
    return text
