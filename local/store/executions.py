"""Executions: their record, who owns them (the lease), and the wish to stop them."""

from __future__ import annotations

import builtins
import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local.store.database import Database
from local.store.processes import is_local, process_alive

LEASE_SECONDS = 15.0
RUNNING = ("Executing", "Stopping")


@dataclass(frozen=True)
class ExecutionSummary:
    """One execution of a pipeline as lists hold it: everything but its definition, which may be a megabyte."""

    arn: str
    id: str
    pipeline: str
    token: str
    parameters: dict[str, Any]
    body: dict[str, Any]
    status: str
    failure_reason: str | None
    created: float
    modified: float
    stop_requested: bool
    owner: str | None
    lease_expires: float | None

    def owner_alive(self, now: float) -> bool:
        """Say whether the engine that holds the lease still runs.

        On this machine the process itself says so: a laptop that slept wakes up with a lapsed lease and a living
        engine. An owner elsewhere (a container on the same home) is judged by its lease.
        """
        if self.owner is None or self.lease_expires is None:
            return False
        return process_alive(self.owner) if is_local(self.owner) else self.lease_expires > now


@dataclass(frozen=True)
class Execution(ExecutionSummary):
    """One execution of a pipeline, as the table holds it."""

    definition: str


_LISTED = ", ".join(ExecutionSummary.__dataclass_fields__)


class Executions:
    """The table of executions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, execution: Execution) -> Execution:
        """Add an execution; where the pipeline has one with the same token, return that one instead."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO execution (arn, id, pipeline, token, definition, parameters, body, status, "
                "created, modified) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    execution.arn,
                    execution.id,
                    execution.pipeline,
                    execution.token,
                    execution.definition,
                    json.dumps(execution.parameters),
                    json.dumps(execution.body),
                    execution.status,
                    execution.created,
                    execution.modified,
                ),
            )
            row = connection.execute(
                "SELECT * FROM execution WHERE pipeline = ? AND token = ?", (execution.pipeline, execution.token)
            ).fetchone()
        return _execution(row)

    def get(self, arn_or_id: str) -> Execution | None:
        """Return the execution with that ARN or id, if there is one."""
        row = self._database.connection.execute(
            "SELECT * FROM execution WHERE arn = ? OR id = ?", (arn_or_id, arn_or_id)
        ).fetchone()
        return None if row is None else _execution(row)

    def by_token(self, pipeline: str, token: str) -> Execution | None:
        """Return the pipeline's execution that was started with that token, if there is one."""
        row = self._database.connection.execute(
            "SELECT * FROM execution WHERE pipeline = ? AND token = ?", (pipeline, token)
        ).fetchone()
        return None if row is None else _execution(row)

    def list(self, pipeline: str | None = None) -> builtins.list[ExecutionSummary]:
        """Return a pipeline's executions, or those of all pipelines, the newest first."""
        chosen, values = ("WHERE pipeline = ? ", (pipeline,)) if pipeline is not None else ("", ())
        rows = self._database.connection.execute(
            f"SELECT {_LISTED} FROM execution {chosen}ORDER BY created DESC, rowid DESC",  # noqa: S608 - our own names
            values,
        )
        return [ExecutionSummary(**_values(row)) for row in rows]

    def moments(self, pipeline: str) -> builtins.list[tuple[str, float]]:
        """Return the ARN of each of a pipeline's executions and when it was created, the newest first."""
        rows = self._database.connection.execute(
            "SELECT arn, created FROM execution WHERE pipeline = ? ORDER BY created DESC, arn DESC", (pipeline,)
        )
        return [(row["arn"], row["created"]) for row in rows]

    def summaries(self, arns: Sequence[str]) -> builtins.list[ExecutionSummary]:
        """Return the executions with those ARNs, in their order; those that are not there are left out."""
        marks = ", ".join("?" for _ in arns)
        rows = self._database.connection.execute(
            f"SELECT {_LISTED} FROM execution WHERE arn IN ({marks})",  # noqa: S608 - our own names, and marks
            tuple(arns),
        )
        found = {row["arn"]: ExecutionSummary(**_values(row)) for row in rows}
        return [found[arn] for arn in arns if arn in found]

    def in_status(self, statuses: Collection[str]) -> builtins.list[Execution]:
        """Return the executions of all pipelines that have one of the statuses."""
        marks = ", ".join("?" for _ in statuses)
        rows = self._database.connection.execute(
            f"SELECT * FROM execution WHERE status IN ({marks})",  # noqa: S608 - marks alone
            tuple(statuses),
        )
        return [_execution(row) for row in rows]

    def set_status(self, arn: str, status: str, reason: str | None, now: float) -> None:
        """Record a new status; the reason of an earlier failure goes when none is given."""
        self._database.connection.execute(
            "UPDATE execution SET status = ?, failure_reason = ?, modified = ? WHERE arn = ?",
            (status, reason, now, arn),
        )

    def update_body(self, arn: str, changes: Mapping[str, Any], now: float) -> None:
        """Change members of the Describe response, such as the display name."""
        with self._database.transaction() as connection:
            row = connection.execute("SELECT body FROM execution WHERE arn = ?", (arn,)).fetchone()
            body = {**json.loads(row["body"]), **changes}
            connection.execute(
                "UPDATE execution SET body = ?, modified = ? WHERE arn = ?", (json.dumps(body), now, arn)
            )

    def request_stop(self, arn: str, now: float) -> None:
        """Ask the owner to stop; it sees the wish at its next look."""
        self._database.connection.execute(
            "UPDATE execution SET stop_requested = 1, status = 'Stopping', modified = ? "
            "WHERE arn = ? AND status = 'Executing'",
            (now, arn),
        )

    def stop_requested(self, arn: str) -> bool:
        """Say whether somebody asked for the execution to stop."""
        row = self._database.connection.execute("SELECT stop_requested FROM execution WHERE arn = ?", (arn,)).fetchone()
        return row is not None and bool(row["stop_requested"])

    def reopen(self, arn: str, now: float) -> bool:
        """Make an ended or abandoned execution run again; False where a living engine still owns it."""
        with self._database.transaction() as connection:
            current = self.get(arn)
            if current is None or current.owner_alive(now):
                return False
            connection.execute(
                "UPDATE execution SET status = 'Executing', failure_reason = NULL, stop_requested = 0, owner = NULL, "
                "lease_expires = NULL, modified = ? WHERE arn = ?",
                (now, arn),
            )
        return True

    def claim(self, arn: str, owner: str, now: float) -> bool:
        """Take the lease for `owner`; False where another living process holds it."""
        with self._database.transaction() as connection:
            current = self.get(arn)
            if current is None or (current.owner != owner and current.owner_alive(now)):
                return False
            connection.execute(
                "UPDATE execution SET owner = ?, lease_expires = ? WHERE arn = ?", (owner, now + LEASE_SECONDS, arn)
            )
        return True

    def appoint(self, arn: str, owner: str, now: float) -> None:
        """Name the engine that was just started as owner, so that nobody takes the execution for abandoned."""
        self._database.connection.execute(
            "UPDATE execution SET owner = ?, lease_expires = ? "
            "WHERE arn = ? AND owner IS NULL AND status IN ('Executing', 'Stopping')",
            (owner, now + LEASE_SECONDS, arn),
        )

    def renew(self, arn: str, owner: str, now: float) -> bool:
        """Extend the lease; False means that it was lost, and that the caller must let go of the execution."""
        if not self._database.path.exists():
            # The home was removed under the engine: what it writes from now on, nobody can read.
            return False
        done = self._database.connection.execute(
            "UPDATE execution SET lease_expires = ? WHERE arn = ? AND owner = ?", (now + LEASE_SECONDS, arn, owner)
        )
        return done.rowcount == 1

    def release(self, arn: str, owner: str) -> None:
        """Give the lease back."""
        self._database.connection.execute(
            "UPDATE execution SET owner = NULL, lease_expires = NULL WHERE arn = ? AND owner = ?", (arn, owner)
        )


def _execution(row: sqlite3.Row) -> Execution:
    return Execution(**_values(row))


def _values(row: sqlite3.Row) -> dict[str, Any]:
    values = dict(row)
    values["parameters"] = json.loads(values["parameters"])
    values["body"] = json.loads(values["body"])
    values["stop_requested"] = bool(values["stop_requested"])
    return values


def new_execution(
    *,
    arn: str,
    execution_id: str,
    pipeline: str,
    token: str,
    definition: str,
    parameters: Mapping[str, Any],
    body: Mapping[str, Any],
    now: float,
) -> Execution:
    """Return the record of an execution that is about to start."""
    return Execution(
        arn=arn,
        id=execution_id,
        pipeline=pipeline,
        token=token,
        definition=definition,
        parameters=dict(parameters),
        body=dict(body),
        status="Executing",
        failure_reason=None,
        created=now,
        modified=now,
        stop_requested=False,
        owner=None,
        lease_expires=None,
    )
