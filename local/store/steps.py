"""The steps of an execution: status and reason, what ran, what it gave."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from local.store.database import Database

UNDER_WAY = ("Starting", "Executing", "Stopping")
ENDED = ("Succeeded", "Failed", "Stopped", "NotExecuted")

_JSON = ("cache", "job", "handle", "outputs", "properties", "metrics")


@dataclass(frozen=True)
class StepRecord:
    """One step of one execution. `status` is the service's word, `NotExecuted` where it never ran, `Waiting` before."""

    execution: str
    name: str
    position: int
    type: str
    status: str = "Waiting"
    reason: str | None = None
    how: str | None = None
    attempt: int = 0
    started: float | None = None
    ended: float | None = None
    cache: dict[str, Any] | None = None
    outcome: bool | None = None
    job: dict[str, Any] | None = None
    handle: dict[str, Any] | None = None
    outputs: dict[str, str] = field(default_factory=dict)
    properties: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, list[list[float]]] = field(default_factory=dict)

    @property
    def has_ended(self) -> bool:
        """Say whether nothing more will happen to this step."""
        return self.status in ENDED


class Steps:
    """The table of steps."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, *records: StepRecord) -> None:
        """Write the records whole; a step that is there already is replaced."""
        columns = list(StepRecord.__dataclass_fields__)
        query = (
            f"INSERT OR REPLACE INTO step ({', '.join(columns)}) "  # noqa: S608 - names of our own dataclass
            f"VALUES ({', '.join('?' for _ in columns)})"
        )
        with self._database.transaction() as connection:
            connection.executemany(query, [[_stored(record, column) for column in columns] for record in records])

    def of(self, execution_arn: str) -> list[StepRecord]:
        """Return an execution's steps in document order."""
        rows = self._database.connection.execute(
            "SELECT * FROM step WHERE execution = ? ORDER BY position", (execution_arn,)
        )
        return [_record(row) for row in rows]

    def get(self, execution_arn: str, name: str) -> StepRecord | None:
        """Return one step's record, if there is one."""
        row = self._database.connection.execute(
            "SELECT * FROM step WHERE execution = ? AND name = ?", (execution_arn, name)
        ).fetchone()
        return None if row is None else _record(row)

    def by_job(self, job_name: str) -> list[StepRecord]:
        """Return the steps that name a job, the one that ran it first; others took its result from the cache."""
        rows = self._database.connection.execute(
            "SELECT * FROM step WHERE json_extract(job, '$.name') = ? "
            "ORDER BY json_extract(cache, '$.result') IS 'hit', rowid",
            (job_name,),
        )
        return [_record(row) for row in rows]

    def delete(self, execution_arn: str, names: Iterable[str]) -> None:
        """Forget steps, so that they run again."""
        with self._database.transaction() as connection:
            connection.executemany(
                "DELETE FROM step WHERE execution = ? AND name = ?", [(execution_arn, name) for name in names]
            )


def _stored(record: StepRecord, column: str) -> Any:
    value = getattr(record, column)
    return json.dumps(value) if column in _JSON and value is not None else value


def _record(row: sqlite3.Row) -> StepRecord:
    values = dict(row)
    for column in _JSON:
        if values[column] is not None:
            values[column] = json.loads(values[column])
    if values["outcome"] is not None:
        values["outcome"] = bool(values["outcome"])
    return StepRecord(**values)
