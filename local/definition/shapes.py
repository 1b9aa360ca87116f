"""Holds a value against a botocore shape: types, required and unknown members, limits, patterns and enumerations.

botocore's own validator checks types and required members only. Used for the requests that a definition's steps will
make, and by the API for requests and responses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Literal, cast

from local.definition.faults import (
    NAMES,
    Fault,
    number_faults,
    other_faults,
    size_faults,
    text_faults,
    wrong_type,
)
from local.definition.findings import Finding, Json, Where, quote, show, subject, suggest
from local.definition.literals import pieces_of
from local.definition.references import is_expression

if TYPE_CHECKING:
    from botocore.model import ListShape, MapShape, Shape, StructureShape

Style = Literal["definition", "service"]
"""How findings speak: to the author of a definition, whose values may hold expressions, or as the service answers."""

RULE = "request-shapes"
_MOST_FAULTS = 200
_NUMBERS = frozenset({"integer", "long", "float", "double"})


@dataclass(frozen=True)
class Site:
    """A place where a definition has an expression, and the shape that its value must have."""

    where: Where
    expression: dict[str, Json]
    shape: Shape


def check(value: Json, shape: Shape, path: str = "", style: Style = "definition") -> list[Finding]:
    """Lists everything about a value that its shape does not allow.

    In the style `definition`, an expression is accepted for a value of any type and a text with `${Placeholders}` is
    held to what is known of it; a null member counts as absent. In the style `service` nothing is an expression and
    messages are the service's own.
    """
    checker = Checker(expressions=style == "definition")
    found = []
    for fault in checker.run(value, shape, ()):
        if style == "definition":
            place = show(fault.where) if fault.where else ""
            full = f"{path}.{place}" if path and place and not place.startswith("[") else path + place
            message = f"{subject(fault.where) if fault.where else path or 'The value'} {fault.message}"
            found.append(Finding(RULE, full, message, fault.fix, where=fault.where))
        else:
            full = _service_path(path, fault.where)
            shown = "null" if fault.value is None else f"{quote(str(fault.value))}"
            message = f"Value {shown} at '{full}' failed to satisfy constraint: {fault.constraint}"
            found.append(Finding(RULE, full, message, "", where=fault.where))
    return found


def _service_path(path: str, where: Where) -> str:
    """The service's way to write a place: `tags.1.member.key`, counted from one."""
    parts = [path] if path else []
    for part in where:
        parts += [str(part + 1), "member"] if isinstance(part, int) else [part[:1].lower() + part[1:]]
    return ".".join(parts)


@dataclass
class Checker:
    """One run over a value; `sites` collects the expressions that were met, with the shapes they stand for."""

    expressions: bool
    sites: list[Site] = field(default_factory=list)

    def run(self, value: Json, shape: Shape, where: Where) -> list[Fault]:
        """Every fault in document order, up to a number that nobody reads beyond."""
        return list(islice(self._faults(value, shape, where), _MOST_FAULTS))

    def _faults(self, value: Json, shape: Shape, where: Where) -> Iterator[Fault]:
        kind = shape.type_name
        if self.expressions and is_expression(value):
            self.sites.append(Site(where, value, shape))
            if kind == "string" and "Std:Join" in value:
                yield from text_faults(value, shape, where, pieces_of(value) or (None,))
        elif kind == "structure":
            yield from self._structure(value, cast("StructureShape", shape), where)
        elif kind == "list":
            yield from self._list(value, cast("ListShape", shape), where)
        elif kind == "map":
            yield from self._map(value, cast("MapShape", shape), where)
        elif kind == "string":
            yield from self._text(value, shape, where)
        elif kind in _NUMBERS:
            yield from number_faults(value, shape, where)
        else:
            yield from other_faults(value, shape, where)

    def _structure(self, value: Json, shape: StructureShape, where: Where) -> Iterator[Fault]:
        if not isinstance(value, Mapping):
            yield wrong_type(value, "an object", where)
            return
        for name in shape.required_members:
            if value.get(name) is None:
                yield Fault((*where, name), "is missing.", f"Add {name}.", "Member must not be null", None)
        given = [name for name, member in value.items() if member is not None]
        if getattr(shape, "is_tagged_union", False) and len(given) != 1:
            message = f"must have exactly one member, and has {len(given)}."
            fix = f"Give exactly one of {', '.join(list(shape.members)[:20])}."
            yield Fault(where, message, fix, "Member must have exactly one of its members set", value)
        for name in given:
            place = (*where, str(name))
            if name in shape.members:
                yield from self._faults(value[name], shape.members[name], place)
            else:
                fix = suggest(str(name), shape.members, "member")
                yield Fault(place, f"is not a member of {shape.name}.", fix, "Member must be known", value[name])

    def _list(self, value: Json, shape: ListShape, where: Where) -> Iterator[Fault]:
        if not isinstance(value, list | tuple):
            yield wrong_type(value, "a list", where)
            return
        yield from size_faults(len(value), "members", shape, where, value)
        for index, each in enumerate(value):
            yield from self._faults(each, shape.member, (*where, index))

    def _map(self, value: Json, shape: MapShape, where: Where) -> Iterator[Fault]:
        if not isinstance(value, Mapping):
            yield wrong_type(value, "an object", where)
            return
        yield from size_faults(len(value), "entries", shape, where, value)
        for key, each in value.items():
            place = (*where, str(key))
            yield from self._faults(key, shape.key, place)
            yield from self._faults(each, shape.value, place)

    def _text(self, value: Json, shape: Shape, where: Where) -> Iterator[Fault]:
        if not isinstance(value, str):
            yield wrong_type(value, NAMES["string"], where)
            return
        yield from text_faults(value, shape, where, (pieces_of(value) or (None,)) if self.expressions else (value,))
