"""Messages in queues: sent, received for a while, deleted, and moved aside when they were received too often."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from local.store.database import Database


@dataclass(frozen=True)
class Message:
    """One message; `visible` is the time before which nobody receives it, `received` how often it was."""

    id: str
    queue: str
    body: str
    attributes: dict[str, Any]
    sent: float
    visible: float
    received: int
    first_received: float | None
    receipt: str | None


class QueueMessages:
    """The table of messages; a queue is named by its ARN."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def send(
        self, queue: str, body: str, *, now: float, delay: float = 0.0, attributes: Mapping[str, Any] | None = None
    ) -> str:
        """Add a message and return its id."""
        message_id = str(uuid.uuid4())
        self._database.connection.execute(
            "INSERT INTO queue_message (id, queue, body, attributes, sent, visible) VALUES (?, ?, ?, ?, ?, ?)",
            (message_id, queue, body, json.dumps(dict(attributes or {})), now, now + delay),
        )
        return message_id

    def receive(self, queue: str, *, most: int, hidden: float, now: float) -> list[Message]:
        """Return visible messages, the oldest first, each with a receipt of its own; hide them for `hidden` seconds."""
        with self._database.transaction() as connection:
            rows = connection.execute(
                "SELECT id FROM queue_message WHERE queue = ? AND visible <= ? ORDER BY sent, rowid LIMIT ?",
                (queue, now, most),
            ).fetchall()
            for row in rows:
                connection.execute(
                    "UPDATE queue_message SET visible = ?, received = received + 1, receipt = ?, "
                    "first_received = coalesce(first_received, ?) WHERE id = ?",
                    (now + hidden, uuid.uuid4().hex, now, row["id"]),
                )
            return [self._get(str(row["id"])) for row in rows]

    def move_worn(self, queue: str, other: str, *, most: int, now: float) -> None:
        """Move the visible messages that were received `most` times to another queue."""
        self._database.connection.execute(
            "UPDATE queue_message SET queue = ?, receipt = NULL WHERE queue = ? AND visible <= ? AND received >= ?",
            (other, queue, now, most),
        )

    def delete(self, queue: str, receipts: Iterable[str]) -> int:
        """Delete messages by the handles of their last receipts; returns how many there were."""
        with self._database.transaction() as connection:
            return sum(
                connection.execute(
                    "DELETE FROM queue_message WHERE queue = ? AND receipt = ?", (queue, receipt)
                ).rowcount
                for receipt in receipts
            )

    def hide(self, queue: str, receipt: str, until: float) -> bool:
        """Change when a received message becomes visible again; False where there is none of that receipt."""
        done = self._database.connection.execute(
            "UPDATE queue_message SET visible = ? WHERE queue = ? AND receipt = ?", (until, queue, receipt)
        )
        return done.rowcount == 1

    def take_back(self, message_id: str) -> bool:
        """Delete a message that nobody has received yet; says whether that was so."""
        done = self._database.connection.execute(
            "DELETE FROM queue_message WHERE id = ? AND received = 0", (message_id,)
        )
        return done.rowcount == 1

    def purge(self, queue: str, *, before: float | None = None) -> None:
        """Delete all messages of a queue, or those sent before a time."""
        self._database.connection.execute(
            "DELETE FROM queue_message WHERE queue = ? AND (? IS NULL OR sent < ?)", (queue, before, before)
        )

    def counts(self, queue: str, now: float) -> tuple[int, int, int]:
        """Return how many messages are visible, received and hidden, and delayed."""
        row = self._database.connection.execute(
            "SELECT coalesce(sum(visible <= ?1), 0), coalesce(sum(visible > ?1 AND received > 0), 0), "
            "coalesce(sum(visible > ?1 AND received = 0), 0) FROM queue_message WHERE queue = ?2",
            (now, queue),
        ).fetchone()
        return int(row[0]), int(row[1]), int(row[2])

    def next_visible(self, queue: str) -> float | None:
        """Return when the queue's next message is there to be received; None where it has none."""
        row = self._database.connection.execute(
            "SELECT min(visible) FROM queue_message WHERE queue = ?", (queue,)
        ).fetchone()
        return None if row[0] is None else float(row[0])

    def _get(self, message_id: str) -> Message:
        row = self._database.connection.execute("SELECT * FROM queue_message WHERE id = ?", (message_id,)).fetchone()
        return _message(row)


def _message(row: sqlite3.Row) -> Message:
    return Message(**{**dict(row), "attributes": json.loads(row["attributes"])})
