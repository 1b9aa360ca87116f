"""Events in EventBridge's own shape, recorded as they happen; delivery to functions reads this table."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from local.store.database import Database
from local.store.names import ACCOUNT, REGION


class Events:
    """The table of events."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(
        self, detail_type: str, detail: Mapping[str, Any], resources: Sequence[str], *, now: float, source: str = ""
    ) -> None:
        """Add one event; `detail_type` is the service's, for example `SageMaker Training Job State Change`."""
        self._database.connection.execute(
            "INSERT INTO event (time, source, detail_type, resources, detail) VALUES (?, ?, ?, ?, ?)",
            (now, source or "aws.sagemaker", detail_type, json.dumps(list(resources)), json.dumps(detail)),
        )

    def latest(self) -> int:
        """Return the number of the last event, 0 where there is none."""
        row = self._database.connection.execute("SELECT coalesce(max(id), 0) FROM event").fetchone()
        return int(row[0])

    def after(self, event_id: int = 0) -> list[dict[str, Any]]:
        """Return the events recorded after the one with that number, each as EventBridge delivers it."""
        return [event for event, _ in self.timed_after(event_id)]

    def timed_after(self, event_id: int = 0) -> list[tuple[dict[str, Any], float]]:
        """Return the same events, each with its time to more than the second that EventBridge gives."""
        rows = self._database.connection.execute("SELECT * FROM event WHERE id > ? ORDER BY id", (event_id,))
        return [(_as_delivered(row), row["time"]) for row in rows]


def _as_delivered(row: sqlite3.Row) -> dict[str, Any]:
    return {
        "version": "0",
        "id": str(row["id"]),
        "detail-type": row["detail_type"],
        "source": row["source"],
        "account": ACCOUNT,
        "time": datetime.fromtimestamp(row["time"], UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": REGION,
        "resources": json.loads(row["resources"]),
        "detail": json.loads(row["detail"]),
    }
