"""Events in EventBridge's own shape, recorded as they happen; delivery to functions reads this table."""

from __future__ import annotations

import json
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

    def after(self, event_id: int = 0) -> list[dict[str, Any]]:
        """Return the events recorded after the one with that number, each as EventBridge delivers it."""
        rows = self._database.connection.execute("SELECT * FROM event WHERE id > ? ORDER BY id", (event_id,))
        return [
            {
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
            for row in rows
        ]
