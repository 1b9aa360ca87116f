"""Invocations of functions that nobody waits for, and how far the events have been turned into them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from local.store.database import Database


@dataclass(frozen=True)
class Invocation:
    """One invocation to make; `due` is None once it was given up, and `error` says why."""

    id: int
    function: str
    origin: str
    event: Any
    attempts: int
    due: float | None
    error: str | None


class Invocations:
    """The table of invocations."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, function: str, origin: str, event: Any, *, due: float) -> None:
        """Add an invocation; one of the same origin that is there already stays as it is."""
        self._database.connection.execute(
            "INSERT OR IGNORE INTO invocation (function, origin, event, due) VALUES (?, ?, ?, ?)",
            (function, origin, json.dumps(event), due),
        )

    def first(self) -> list[Invocation]:
        """Return each function's oldest invocation that is still to be made: what comes later waits for it."""
        rows = self._database.connection.execute(
            "SELECT * FROM invocation WHERE id IN "
            "(SELECT min(id) FROM invocation WHERE due IS NOT NULL GROUP BY function) ORDER BY id"
        )
        return [_invocation(row) for row in rows]

    def given_up(self) -> list[Invocation]:
        """Return the invocations that failed too often, the oldest first."""
        rows = self._database.connection.execute("SELECT * FROM invocation WHERE due IS NULL ORDER BY id")
        return [_invocation(row) for row in rows]

    def done(self, invocation_id: int) -> None:
        """Forget an invocation that was made."""
        self._database.connection.execute("DELETE FROM invocation WHERE id = ?", (invocation_id,))

    def failed(self, invocation_id: int, error: str, *, again: float | None) -> None:
        """Record a failure, and when to try again; None gives it up."""
        self._database.connection.execute(
            "UPDATE invocation SET attempts = attempts + 1, error = ?, due = ? WHERE id = ?",
            (error, again, invocation_id),
        )

    def position(self, reader: str) -> int:
        """Return the number of the last event that a reader has read."""
        row = self._database.connection.execute("SELECT event FROM position WHERE reader = ?", (reader,)).fetchone()
        return 0 if row is None else int(row["event"])

    def move(self, reader: str, event: int, found: Iterable[tuple[str, str, Any]], *, now: float) -> None:
        """Move a reader on, and add what it found (function, origin, event), in one write."""
        with self._database.transaction() as connection:
            for function, origin, content in found:
                self.add(function, origin, content, due=now)
            connection.execute("INSERT OR REPLACE INTO position VALUES (?, ?)", (reader, event))


def _invocation(row: sqlite3.Row) -> Invocation:
    return Invocation(**{**dict(row), "event": json.loads(row["event"])})
