"""What a step's result depends on: its arguments without where results go, with the content of what they name."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from local.jobs.manifests import MANIFEST, listed
from local.store.objects import ObjectError, ObjectStore

FORMAT = 1


def document(arguments: Mapping[str, Any], not_keyed: Sequence[str], objects: ObjectStore) -> dict[str, Any]:
    """Return the arguments as they go into the key: addresses that hold something become {"content": digest}."""
    kept = without(arguments, [path.split(".") for path in not_keyed])
    found: dict[str, Any] = _with_content(kept, objects, {})
    return found


def key(pipeline: str, step: str, step_type: str, content: Mapping[str, Any], runtime: Mapping[str, str]) -> str:
    """Return the key of a step's result. Steps of other names and pipelines have their own, as in the service."""
    whole = [FORMAT, pipeline, step, step_type, content, runtime]
    text = json.dumps(whole, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def without(value: Any, paths: Sequence[Sequence[str]]) -> Any:
    """Return a copy of nested objects without the members at the given paths; lists are passed through."""
    if isinstance(value, list):
        return [without(entry, paths) for entry in value]
    if not isinstance(value, Mapping):
        return value
    here = {path[0] for path in paths if len(path) == 1}
    return {
        name: without(child, [path[1:] for path in paths if len(path) > 1 and path[0] == name])
        for name, child in value.items()
        if name not in here
    }


def _with_content(value: Any, objects: ObjectStore, seen: dict[str, str | None]) -> Any:
    if isinstance(value, dict):
        found = {name: _with_content(child, objects, seen) for name, child in value.items()}
        if value.get("S3DataType") == MANIFEST:
            # The list may be the same and what it lists another.
            found["listed"] = _with_content(listed(objects, value.get("S3Uri")), objects, seen)
        return found
    if isinstance(value, list):
        return [_with_content(entry, objects, seen) for entry in value]
    address = _address(value)
    if address is None:
        return value
    if address not in seen:
        try:
            seen[address] = objects.digest(address)
        except (ObjectError, OSError):
            seen[address] = None
    digest = seen[address]
    return value if digest is None else {"content": digest}


def _address(value: Any) -> str | None:
    """Return the S3 address that a text is, also where it stands in JSON's quotes as hyperparameters do."""
    if not isinstance(value, str):
        return None
    text = value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value
    return text if text.startswith("s3://") else None
