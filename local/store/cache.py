"""The step cache: what a step gave, under the key of everything that went into it."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from local.store.database import Database

_JSON = ("inputs", "outputs", "properties", "metrics")


@dataclass(frozen=True)
class CachedStep:
    """An earlier result. `outputs` maps a name to {"uri", "sha256"}; `inputs` is what the key was made of."""

    key: str
    execution: str
    pipeline: str
    step: str
    created: float
    inputs: dict[str, Any]
    outputs: dict[str, dict[str, str]]
    properties: dict[str, Any]
    metrics: dict[str, list[list[float]]]
    job: dict[str, Any] | None


class StepCache:
    """The table of cached steps."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, key: str) -> CachedStep | None:
        """Return what stands under the key, if anything does."""
        row = self._database.connection.execute("SELECT * FROM cached_step WHERE key = ?", (key,)).fetchone()
        return None if row is None else _cached(row)

    def latest(self, pipeline: str, step: str) -> CachedStep | None:
        """Return the newest result of a pipeline's step, whatever its key: to say what differs."""
        row = self._database.connection.execute(
            "SELECT * FROM cached_step WHERE pipeline = ? AND step = ? ORDER BY created DESC, rowid DESC LIMIT 1",
            (pipeline, step),
        ).fetchone()
        return None if row is None else _cached(row)

    def put(self, cached: CachedStep) -> None:
        """Store a result; an older one under the same key is replaced."""
        values = {
            **{name: getattr(cached, name) for name in ("key", "execution", "pipeline", "step", "created")},
            **{name: json.dumps(getattr(cached, name)) for name in _JSON},
            "job": None if cached.job is None else json.dumps(cached.job),
        }
        self._database.connection.execute(
            "INSERT OR REPLACE INTO cached_step "
            "(key, execution, pipeline, step, created, inputs, outputs, properties, metrics, job) VALUES "
            "(:key, :execution, :pipeline, :step, :created, :inputs, :outputs, :properties, :metrics, :job)",
            values,
        )

    def evict(self, key: str) -> None:
        """Forget a result, for example because its files are gone or changed."""
        self._database.connection.execute("DELETE FROM cached_step WHERE key = ?", (key,))


def _cached(row: sqlite3.Row) -> CachedStep:
    values = dict(row)
    for column in _JSON:
        values[column] = json.loads(values[column])
    values["job"] = None if values["job"] is None else json.loads(values["job"])
    return CachedStep(**values)
