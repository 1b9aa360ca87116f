"""What a handler is given, and the form that all handlers have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from local.store.store import Store

Response: TypeAlias = dict[str, Any]
"""Members of the operation's output shape; times as seconds since 1970."""


@dataclass(frozen=True)
class Call:
    """One request: parameters by member name as in the operation's input shape, times as seconds since 1970."""

    store: Store
    service: str
    operation: str
    params: Mapping[str, Any]
    now: float


Handler: TypeAlias = Callable[[Call], Response]
