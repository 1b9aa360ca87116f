"""Reads YAML that people write: plain values only, each key once, nothing that grows when it is read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from config.errors import Mistake

MOST_CHARACTERS = 256 * 1024
DEEPEST = 16

_BASE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MERGE = "tag:yaml.org,2002:merge"


class _Loader(_BASE):  # type: ignore[misc]  # which base it is depends on how PyYAML was built
    """YAML 1.2's plain values: `yes`, `no`, dates and numbers with colons stay the text they look like."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML's way


_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""])
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?(?:0|[1-9][0-9]*)$"), list("-+0123456789"))
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"^(?:[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?|[-+]?\.inf|\.nan)$"),
    list("-+.0123456789"),
)


@dataclass
class Document:
    """What a file says.

    Attributes:
        values: The settings by name.
        lines: The line of each setting by its path, counted from 1.
        mistakes: What is wrong with the file as YAML; when there is anything, `values` is not to be used.
    """

    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)


def read(text: str) -> Document:
    """Read one YAML document whose top level is a mapping."""
    document = Document()
    if len(text) > MOST_CHARACTERS:
        document.mistakes.append(
            Mistake("", f"The file has {len(text):,} characters.", f"A configuration has at most {MOST_CHARACTERS:,}.")
        )
        return document
    try:
        document.mistakes.extend(_unsafe(text))
        if not document.mistakes:
            _build(text, document)
    except yaml.YAMLError as error:
        document.mistakes.append(_syntax(error))
    return document


def _unsafe(text: str) -> list[Mistake]:
    """Look at the events alone, which cost no more than the text: what the next steps could not bear is found here."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = _line(event)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            return [
                Mistake("", "Anchors (`&`) and aliases (`*`) are not read.", "Write the value where it is meant.", line)
            ]
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            return [Mistake("", "The file is nested too deeply.", "No setting has so many levels.", line)]
    return []


def _line(place: Any) -> int:
    return int(place.start_mark.line) + 1


def _build(text: str, document: Document) -> None:
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            document.mistakes.append(Mistake("", "The file is empty.", "Write its settings, one `name: value` a line."))
        elif not isinstance(node, yaml.MappingNode):
            document.mistakes.append(
                Mistake("", "The file holds no settings.", "Write one `name: value` a line.", _line(node))
            )
        else:
            _walk(node, "", document)
            if not document.mistakes:
                document.values = loader.construct_document(node)
    finally:
        loader.dispose()


def _walk(node: yaml.Node, path: str, document: Document) -> None:
    """Note the lines of all settings, and keys that are not text or stand twice."""
    document.lines.setdefault(path, _line(node))
    if isinstance(node, yaml.SequenceNode):
        for at, item in enumerate(node.value):
            _walk(item, f"{path}[{at}]", document)
    if isinstance(node, yaml.MappingNode):
        _walk_mapping(node, path, document)


def _walk_mapping(node: yaml.MappingNode, path: str, document: Document) -> None:
    first: dict[str, int] = {}
    for key, value in node.value:
        line = _line(key)
        if not isinstance(key, yaml.ScalarNode) or key.tag == _MERGE:
            document.mistakes.append(Mistake(path, "a name of a setting is not text.", "Write `name: value`.", line))
            continue
        here = f"{path}.{key.value}" if path else key.value
        if key.value in first:
            message = f"`{key.value}` stands a second time; it stands in line {first[key.value]} already."
            document.mistakes.append(Mistake(here, message, "Remove one of the two.", line))
        first.setdefault(key.value, line)
        document.lines.setdefault(here, line)
        _walk(value, here, document)


def _syntax(error: yaml.YAMLError) -> Mistake:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = mark.line + 1 if mark else None
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
    if isinstance(error, yaml.constructor.ConstructorError):
        return Mistake("", f"{problem}.", "Only text, numbers, true, false, lists and settings are read.", line)
    fix = "Check the spaces at the start of the line, and put text with `:` or `#` in quotes."
    return Mistake("", f"The file is not YAML: {problem}.", fix, line)
