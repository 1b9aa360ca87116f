"""CloudFormation's own schemas of resource types: what they hold, and what replaces a resource when it changes.

They come with cfn-lint, and are read from its files: importing it takes seconds.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from tests.support.moto.cloudformation.errors import TemplateError

Schema = dict[str, Any]
_BOOLEANS = {"true": True, "false": False}


@cache
def _folder() -> Path:
    package = importlib.util.find_spec("cfnlint")
    assert package is not None
    assert package.origin is not None
    return Path(package.origin).parent / "data" / "schemas"


@cache
def _index(region: str) -> dict[str, str]:
    index: dict[str, str] = json.loads((_folder() / "providers" / f"{region}.json").read_text("utf-8"))
    return index


@cache
def of(type_: str, region: str) -> Schema:
    """Return the schema of a resource type in a region.

    Raises:
        TemplateError: where CloudFormation has no such type there.
    """
    if type_ not in _index(region):
        raise TemplateError(f"Template format error: Unrecognized resource types: [{type_}]")
    path = _folder() / "resources" / f"{_index(region)[type_]}.json"
    schema: Schema = json.loads(path.read_text("utf-8"))
    return schema


def replacing(schema: Schema, before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Return the properties that differ and cannot change in place, such as ``GitConfig/Branch``."""
    paths = [each.removeprefix("/properties/") for each in schema.get("createOnlyProperties", ())]
    return [path for path in paths if _at(before, path.split("/")) != _at(after, path.split("/"))]


def _at(value: Any, path: Iterable[str]) -> Any:
    for each in path:
        if not isinstance(value, dict):
            return None
        value = value.get(each)
    return value


def checked(schema: Schema, properties: dict[str, Any]) -> dict[str, Any]:
    """Return properties in the types that the schema asks for: references give text where numbers are wanted.

    Raises:
        TemplateError: for properties that the type lacks or must have, and for values of another type or outside an
            enumeration.
    """
    result = _conformed(schema, schema, properties, "")
    assert isinstance(result, dict)
    read_only = {each.removeprefix("/properties/") for each in schema.get("readOnlyProperties", ())}
    if wrong := sorted(read_only & set(result)):
        raise TemplateError(f"Encountered read-only properties: {', '.join(wrong)}")
    return result


def _conformed(root: Schema, part: Schema, value: Any, path: str) -> Any:
    part = _followed(root, part)
    types = part.get("type", [])
    types = [types] if isinstance(types, str) else types
    if isinstance(value, dict) and (not types or "object" in types):
        return _object(root, part, value, path)
    if isinstance(value, list) and (not types or "array" in types):
        items = part.get("items", {})
        return [_conformed(root, items, each, f"{path}/{index}") for index, each in enumerate(value)]
    value = _scalar(types, value, path)
    if "enum" in part and value not in part["enum"]:
        raise TemplateError(f"{path}: {value!r} is not one of {', '.join(map(str, part['enum']))}")
    return value


def _followed(root: Schema, part: Schema) -> Schema:
    while "$ref" in part:
        found: Any = root
        for step in part["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        part = found
    return part


def _object(root: Schema, part: Schema, value: dict[str, Any], path: str) -> dict[str, Any]:
    known = part.get("properties", {})
    closed = known and part.get("additionalProperties") is False and not part.get("patternProperties")
    if closed and (unknown := sorted(set(value) - set(known))):
        raise TemplateError(f"Encountered unsupported property {path}/{unknown[0]}")
    if missing := sorted(set(part.get("required", ())) - set(value)):
        raise TemplateError(f"{path}: required key [{missing[0]}] not found")
    return {name: _conformed(root, known.get(name, {}), each, f"{path}/{name}") for name, each in value.items()}


def _scalar(types: list[str], value: Any, path: str) -> Any:
    if not types or _is(types, value):
        return value
    text = str(value)
    if "boolean" in types and text in _BOOLEANS:
        return _BOOLEANS[text]
    for type_, read in (("integer", int), ("number", float)):
        if type_ in types and not isinstance(value, bool):
            try:
                return read(text)
            except ValueError:
                continue
    if "string" in types and isinstance(value, (bool, int, float)):
        return text.lower() if isinstance(value, bool) else text
    raise TemplateError(f"{path}: {value!r} is not of type {' or '.join(types)}")


def _is(types: list[str], value: Any) -> bool:
    if isinstance(value, bool):
        return "boolean" in types
    if isinstance(value, int):
        return "integer" in types or "number" in types
    if isinstance(value, float):
        return "number" in types
    return isinstance(value, str) and "string" in types
