"""Tags as requests give them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from local.registry.errors import RegistryError


def read(given: Iterable[Mapping[str, str]] | None) -> dict[str, str]:
    """Return a request's tags by key; RegistryError where a key is given twice."""
    tags: dict[str, str] = {}
    for tag in given or ():
        if tag["Key"] in tags:
            message = f"Duplicate tag keys found: {tag['Key']!r}. Give each key once."
            raise RegistryError(message)
        tags[tag["Key"]] = tag["Value"]
    return tags
