"""Values of a shape as XML elements, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast
from xml.etree import ElementTree as ET

from botocore.model import ListShape, MapShape, Shape, StructureShape

from local.api.protocols import values
from local.api.protocols.values import ValueFormatError

TIME = "iso8601"


def parse(body: bytes) -> ET.Element:
    """Return the root of a document; one with a document type (entities, external files) is refused."""
    try:
        text = body.decode("utf-8")
        if "<!" in text:
            message = "a document type is not allowed"
            raise ValueFormatError(message)
        return ET.fromstring(text)  # noqa: S314 - no declarations get here
    except (UnicodeDecodeError, ET.ParseError, ValueError) as error:
        message = f"The XML cannot be read: {error}."
        raise ValueFormatError(message) from error


def read(element: ET.Element, shape: Shape) -> Any:
    """Return the value of an element by its shape; members that the shape does not know are left out."""
    if isinstance(shape, StructureShape):
        return _read_structure(element, shape)
    if isinstance(shape, ListShape):
        return [read(child, shape.member) for child in element]
    return values.read(element.text or "", shape)


def _read_structure(element: ET.Element, shape: StructureShape) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, member in shape.members.items():
        wire = member.serialization.get("name", name)
        children = [child for child in element if _local(child.tag) == wire]
        if not children:
            continue
        if isinstance(member, ListShape) and member.serialization.get("flattened"):
            found[name] = [read(child, member.member) for child in children]
        else:
            found[name] = read(children[0], member)
    return found


def write(name: str, value: Any, shape: Shape) -> ET.Element:
    """Return an element that holds the value."""
    element = ET.Element(name)
    if isinstance(shape, StructureShape):
        write_members(element, value, shape)
    elif isinstance(shape, ListShape):
        wire = shape.member.serialization.get("name", "member")
        element.extend(write(wire, item, shape.member) for item in value)
    elif isinstance(shape, MapShape):
        element.extend(_entries("entry", value, shape))
    else:
        element.text = values.write(value, shape, TIME)
    return element


def write_members(element: ET.Element, value: Mapping[str, Any], shape: StructureShape) -> None:
    """Add the members that travel in the body; those with a location of their own go elsewhere."""
    for name, member in shape.members.items():
        if value.get(name) is None or "location" in member.serialization:
            continue
        wire = member.serialization.get("name", name)
        if isinstance(member, ListShape) and member.serialization.get("flattened"):
            element.extend(write(wire, item, member.member) for item in value[name])
        else:
            element.append(write(wire, value[name], member))


def document(root: ET.Element) -> bytes:
    """Return the element as a document."""
    return cast(bytes, ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _entries(wire: str, value: Mapping[str, Any], shape: MapShape) -> list[ET.Element]:
    entries = []
    for key, item in value.items():
        entry = ET.Element(wire)
        entry.append(write(shape.key.serialization.get("name", "key"), key, shape.key))
        entry.append(write(shape.value.serialization.get("name", "value"), item, shape.value))
        entries.append(entry)
    return entries


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
