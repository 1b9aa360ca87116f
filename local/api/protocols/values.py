"""Single values on the wire: times, numbers, truth values and bytes, in the notation that their shape asks for."""

from __future__ import annotations

import base64
import binascii
import email.utils
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from botocore.model import Shape


class ValueFormatError(ValueError):
    """A value that cannot be read as what its shape says."""


def write(value: Any, shape: Shape, default_time: str) -> str:
    """Return a single value as text. Times are seconds since 1970; `default_time` is the place's usual notation."""
    kind = shape.type_name
    if kind == "timestamp":
        return write_time(float(value), shape.serialization.get("timestampFormat", default_time))
    if kind == "boolean":
        return "true" if value else "false"
    if kind == "blob":
        return base64.b64encode(value).decode("ascii")
    return str(value)


def write_time(seconds: float, notation: str) -> str:
    """Return a time as `iso8601` (with milliseconds), `rfc822` (whole seconds) or `unixTimestamp`."""
    if notation == "rfc822":
        return email.utils.formatdate(seconds, usegmt=True)
    if notation == "unixTimestamp":
        return str(seconds)
    moment = datetime.fromtimestamp(seconds, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def read(text: str, shape: Shape) -> Any:
    """Return the value that a text stands for; times become seconds since 1970."""
    reader = _READERS.get(shape.type_name)
    if reader is None:
        return text
    try:
        return reader(text)
    except (ValueError, OverflowError, binascii.Error) as error:
        message = f"{text[:100]!r} is not a {shape.type_name}."
        raise ValueFormatError(message) from error


def read_time(text: str) -> float:
    """Return the seconds since 1970 of a time in any of the three notations."""
    try:
        return float(text)
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = email.utils.parsedate_to_datetime(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _read_boolean(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError(text)
    return text.lower() == "true"


_READERS: dict[str, Callable[[str], Any]] = {
    "timestamp": read_time,
    "boolean": _read_boolean,
    "integer": int,
    "long": int,
    "float": float,
    "double": float,
    "blob": lambda text: base64.b64decode(text, validate=True),
}
