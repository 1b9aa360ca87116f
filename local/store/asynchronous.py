"""Asynchronous requests to endpoints that are still to be answered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local.store.database import Database


@dataclass(frozen=True)
class AsynchronousInvocation:
    """One request, with where its result goes; `created` in seconds since 1970."""

    id: int
    endpoint: str
    request: dict[str, Any]
    created: float


class AsynchronousInvocations:
    """The queue of such requests."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, endpoint: str, request: Mapping[str, Any], *, now: float) -> None:
        """Add a request; once this returns, it will be answered whatever happens to this process."""
        self._database.connection.execute(
            "INSERT INTO asynchronous_invocation (endpoint, request, created) VALUES (?, ?, ?)",
            (endpoint, json.dumps(request), now),
        )

    def waiting(self) -> list[AsynchronousInvocation]:
        """Return what is to be answered, the oldest first."""
        rows = self._database.connection.execute("SELECT * FROM asynchronous_invocation ORDER BY id")
        return [AsynchronousInvocation(**{**dict(row), "request": json.loads(row["request"])}) for row in rows]

    def any(self) -> bool:
        """Say whether something is to be answered."""
        return self._database.connection.execute("SELECT 1 FROM asynchronous_invocation LIMIT 1").fetchone() is not None

    def done(self, invocation_id: int) -> None:
        """Forget a request that was answered."""
        self._database.connection.execute("DELETE FROM asynchronous_invocation WHERE id = ?", (invocation_id,))
