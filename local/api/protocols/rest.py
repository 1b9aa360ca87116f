"""What REST protocols share: members that travel in the path, the query and the headers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from local.api.protocols import values
from local.api.protocols.http import HttpRequest

HEADER_TIME = "rfc822"


def read_located(request: HttpRequest, shape: StructureShape, labels: Mapping[str, str]) -> dict[str, Any]:
    """Return the members that stand in the path, the query and the headers."""
    query: dict[str, list[str]] = {}
    for name, value in request.query:
        query.setdefault(name, []).append(value)
    found: dict[str, Any] = {}
    for name, member in shape.members.items():
        place = member.serialization.get("location")
        wire = member.serialization.get("name", name)
        if place == "uri" and wire in labels:
            found[name] = values.read(labels[wire], member)
        elif place == "querystring" and wire in query:
            found[name] = _read_query(query[wire], member)
        elif place == "header" and wire.lower() in request.headers:
            found[name] = _read_header(request.headers[wire.lower()], member)
        elif place == "headers":
            found[name] = _read_prefixed(request.headers, wire.lower())
    return {name: value for name, value in found.items() if value != {}}


def write_located(response: Mapping[str, Any], shape: StructureShape) -> dict[str, str]:
    """Return the headers that a response's members make."""
    headers: dict[str, str] = {}
    for name, member in shape.members.items():
        value = response.get(name)
        place = member.serialization.get("location")
        if value is None or place not in ("header", "headers"):
            continue
        wire = member.serialization.get("name", name)
        if isinstance(member, MapShape):
            headers.update({f"{wire}{key}": str(item) for key, item in value.items()})
        else:
            headers[wire] = values.write(value, member, HEADER_TIME)
    return headers


def _read_query(given: list[str], member: Shape) -> Any:
    return (
        [values.read(item, member.member) for item in given]
        if isinstance(member, ListShape)
        else values.read(given[0], member)
    )


def _read_header(given: str, member: Shape) -> Any:
    if isinstance(member, ListShape):
        return [values.read(item.strip(), member.member) for item in given.split(",")]
    return values.read(given, member)


def _read_prefixed(headers: Mapping[str, str], prefix: str) -> dict[str, str]:
    return {name[len(prefix) :]: value for name, value in headers.items() if name.startswith(prefix)}
