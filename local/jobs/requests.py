"""Reads members of requests whose references may still be unresolved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def member(request: Any, *path: str) -> Any:
    """Return a nested member; None where it, or something on the way, is missing or unresolved."""
    for name in path:
        if not isinstance(request, Mapping):
            return None
        request = request.get(name)
    return None if is_open(request) else request


def items(request: Any, *path: str) -> list[Mapping[str, Any]]:
    """Return a nested list of objects; empty where it is missing."""
    found = member(request, *path)
    return [entry for entry in found if isinstance(entry, Mapping)] if isinstance(found, list) else []


def is_open(value: Any) -> bool:
    """Say whether a value is an expression that was not resolved yet."""
    return isinstance(value, Mapping) and len(value) == 1 and next(iter(value)) in ("Get", "Std:Join", "Std:JsonGet")


def texts(value: Any) -> list[str]:
    """Return a list's texts; an expression in it becomes empty text, so that positions stay."""
    if not isinstance(value, list):
        return []
    return ["" if is_open(entry) else str(entry) for entry in value]
