"""How single values fail a botocore shape: texts, numbers, booleans, times, and the sizes of collections."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from local.definition.findings import Json, Where, quote, suggest
from local.definition.literals import Pieces, can_match, could_be, is_whole, shortest
from local.definition.patterns import matches

if TYPE_CHECKING:
    from botocore.model import Shape

_BOUNDS = {"integer": 2**31, "long": 2**63}
NAMES = {
    "structure": "an object",
    "map": "an object",
    "list": "a list",
    "string": "text",
    "integer": "a whole number",
    "long": "a whole number",
    "float": "a number",
    "double": "a number",
    "boolean": "true or false",
    "timestamp": "a time",
    "blob": "bytes",
}


@dataclass(frozen=True)
class Fault:
    """One way in which a value does not fit; `message` follows the value's name, `constraint` is the service's."""

    where: Where
    message: str
    fix: str
    constraint: str
    value: Json


def wrong_type(value: Json, wanted: str, where: Where) -> Fault:
    """The value is not of the type that the shape has."""
    shown = "null" if value is None else quote(value)
    return Fault(
        where, f"must be {wanted}, and is {shown}.", f"Write it as {wanted}.", f"Member must be {wanted}", value
    )


def size_faults(size: int, what: str, shape: Shape, where: Where, value: Json) -> Iterator[Fault]:
    """The number of members, entries or characters is outside the shape's limits."""
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and size < least:
        message = f"has {size} {what}, and must have at least {least}."
        constraint = f"Member must have length greater than or equal to {least}"
        yield Fault(where, message, f"Give at least {least}.", constraint, value)
    if most is not None and size > most:
        message = f"has {size} {what}, and must have at most {most}."
        constraint = f"Member must have length less than or equal to {most}"
        yield Fault(where, message, f"Shorten it to {most}.", constraint, value)


def text_faults(value: Json, shape: Shape, where: Where, pieces: Pieces) -> Iterator[Fault]:
    """A text, of which perhaps only pieces are known, breaks the shape's limits, enumeration or pattern."""
    whole, length = is_whole(pieces), shortest(pieces)
    too_short = list(size_faults(length, "characters", shape, where, value))
    if too_short and (whole or length > (shape.metadata.get("max") or length)):
        yield from too_short
        return
    choices: Sequence[str] = shape.metadata.get("enum", ())
    shown = quote("".join("…" if piece is None else piece for piece in pieces))
    if choices and not could_be(pieces, choices):
        constraint = f"Member must satisfy enum value set: [{', '.join(choices)}]"
        fix = suggest("".join(piece or "" for piece in pieces), choices, "value")
        yield Fault(where, f"cannot be {shown}.", fix, constraint, value)
    pattern = shape.metadata.get("pattern")
    if pattern and not can_match(pieces, lambda text: matches(pattern, text)):
        message = f"is {shown}, which is not how {shape.name} is written."
        constraint = f"Member must satisfy regular expression pattern: {pattern}"
        yield Fault(where, message, f"It must match the pattern {pattern}", constraint, value)


def number_faults(value: Json, shape: Shape, where: Where) -> Iterator[Fault]:
    """A number is not one, or outside the shape's range."""
    bound = _BOUNDS.get(shape.type_name)
    if isinstance(value, bool) or not isinstance(value, int if bound else int | float):
        yield wrong_type(value, NAMES[shape.type_name], where)
        return
    if not -bound <= value < bound if bound else isinstance(value, float) and not math.isfinite(value):
        yield wrong_type(value, "a number that the service can hold", where)
        return
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and value < least:
        constraint = f"Member must have value greater than or equal to {least}"
        yield Fault(
            where, f"is {quote(value)}, and must be at least {least}.", f"Use {least} or more.", constraint, value
        )
    if most is not None and value > most:
        constraint = f"Member must have value less than or equal to {most}"
        yield Fault(where, f"is {quote(value)}, and must be at most {most}.", f"Use {most} or less.", constraint, value)


def other_faults(value: Json, shape: Shape, where: Where) -> Iterator[Fault]:
    """A boolean, time or blob is not one."""
    if shape.type_name == "boolean":
        fits = isinstance(value, bool)
    elif shape.type_name == "timestamp":
        fits = isinstance(value, int | float | str | dt.datetime) and not isinstance(value, bool)
    else:
        fits = isinstance(value, str | bytes | bytearray) or hasattr(value, "read")
    if not fits:
        yield wrong_type(value, NAMES.get(shape.type_name, "a value of another type"), where)
