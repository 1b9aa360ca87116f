"""What is counted of requests to endpoints: sums that every process of a home adds to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from local.store.database import Database

Key: TypeAlias = tuple[str, str, str, str]
"""Endpoint, variant, endpoint configuration, and the metric's name."""


class InvocationMetrics:
    """The table of sums."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, more: Mapping[Key, float]) -> None:
        """Add to sums, in one write."""
        with self._database.transaction() as connection:
            connection.executemany(
                "INSERT INTO invocation_metric VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE "
                "SET value = value + excluded.value",
                [(*key, value) for key, value in more.items()],
            )

    def all(self) -> dict[Key, float]:
        """Return every sum, in the order of the keys."""
        rows = self._database.connection.execute(
            "SELECT * FROM invocation_metric ORDER BY endpoint, variant, config, metric"
        )
        return {(row["endpoint"], row["variant"], row["config"], row["metric"]): row["value"] for row in rows}

    def of(self, endpoint: str, config: str) -> dict[str, float]:
        """Return an endpoint's sums under one configuration, over its variants."""
        rows = self._database.connection.execute(
            "SELECT metric, sum(value) AS value FROM invocation_metric WHERE endpoint = ? AND config = ? "
            "GROUP BY metric",
            (endpoint, config),
        )
        return {row["metric"]: row["value"] for row in rows}

    def forget(self, endpoint: str) -> None:
        """Remove an endpoint's sums."""
        self._database.connection.execute("DELETE FROM invocation_metric WHERE endpoint = ?", (endpoint,))
