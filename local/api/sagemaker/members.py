"""What the handlers share: members of a response picked and made to fit, tags, and texts within limits."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from typing import Any

from local.definition.models import response_shape

MAX_TAGS = 50


@functools.cache
def _members(operation: str) -> frozenset[str]:
    return frozenset(getattr(response_shape(operation), "members", ()))


def respond(operation: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of `body` the operation's response has a member for; the rest is ours alone."""
    known = _members(operation)
    return {name: value for name, value in body.items() if name in known and value is not None}


def pick(body: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Return the named members that there are."""
    return {name: body[name] for name in names if body.get(name) is not None}


def fit(text: str, limit: int) -> str:
    """Return a sentence as one line of at most `limit` characters."""
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"
