"""Resources of the API (pipelines, jobs, model packages …), each kept as its Describe response, and their tags."""

from __future__ import annotations

import builtins
import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local.store.database import Database


@dataclass(frozen=True)
class Resource:
    """One resource; `body` is its Describe response, with times as seconds since 1970."""

    kind: str
    name: str
    arn: str
    status: str
    created: float
    modified: float
    body: dict[str, Any]


class Resources:
    """The table of resources."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, kind: str, name: str, arn: str, body: Mapping[str, Any], *, now: float, status: str = "") -> Resource:
        """Create the resource, or replace its body and status; the time of creation stays."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO resource (kind, name, arn, status, created, modified, body) VALUES (?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (kind, name) DO UPDATE SET status = excluded.status, modified = excluded.modified, "
                "body = excluded.body",
                (kind, name, arn, status, now, now, json.dumps(body)),
            )
            found = self.get(kind, name)
        assert found is not None  # noqa: S101 - just written in the same transaction
        return found

    def get(self, kind: str, name: str) -> Resource | None:
        """Return the resource of that kind and name, if there is one."""
        return self._one("SELECT * FROM resource WHERE kind = ? AND name = ?", kind, name)

    def by_arn(self, arn: str) -> Resource | None:
        """Return the resource with that ARN, if there is one."""
        return self._one("SELECT * FROM resource WHERE arn = ?", arn)

    def list(self, kind: str) -> builtins.list[Resource]:
        """Return all resources of a kind, the oldest first."""
        rows = self._database.connection.execute(
            "SELECT * FROM resource WHERE kind = ? ORDER BY created, rowid", (kind,)
        )
        return [_resource(row) for row in rows]

    def delete(self, kind: str, name: str) -> bool:
        """Remove the resource and its tags; say whether it was there."""
        with self._database.transaction() as connection:
            connection.execute(
                "DELETE FROM tag WHERE arn = (SELECT arn FROM resource WHERE kind = ? AND name = ?)", (kind, name)
            )
            done = connection.execute("DELETE FROM resource WHERE kind = ? AND name = ?", (kind, name))
            return done.rowcount > 0

    def tag(self, arn: str, tags: Mapping[str, str]) -> None:
        """Add tags to an ARN; a key that is there already takes the new value."""
        with self._database.transaction() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO tag (arn, key, value) VALUES (?, ?, ?)",
                [(arn, key, value) for key, value in tags.items()],
            )

    def untag(self, arn: str, keys: builtins.list[str]) -> None:
        """Remove tags by key; a key that is not there is no mistake."""
        with self._database.transaction() as connection:
            connection.executemany("DELETE FROM tag WHERE arn = ? AND key = ?", [(arn, key) for key in keys])

    def tags(self, arn: str) -> dict[str, str]:
        """Return an ARN's tags in the order of their keys."""
        rows = self._database.connection.execute("SELECT key, value FROM tag WHERE arn = ? ORDER BY key", (arn,))
        return {row["key"]: row["value"] for row in rows}

    def _one(self, query: str, *values: str) -> Resource | None:
        row = self._database.connection.execute(query, values).fetchone()
        return None if row is None else _resource(row)


def _resource(row: sqlite3.Row) -> Resource:
    return Resource(**{**dict(row), "body": json.loads(row["body"])})
