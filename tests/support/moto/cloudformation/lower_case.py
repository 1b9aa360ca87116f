"""The developer tools' calls name members as CloudFormation does, but for the first letter: ``timeoutInMinutes``."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any


def lower_case(value: Any, kept: Collection[str] = ()) -> Any:
    """Return a property with members in lower case; what is in members of ``kept`` has names of its own."""
    if isinstance(value, dict):
        return {
            name[:1].lower() + name[1:]: each if name in kept else lower_case(each, kept)
            for name, each in value.items()
        }
    return [lower_case(each, kept) for each in value] if isinstance(value, list) else value
