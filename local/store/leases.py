"""Leases: which process does what only one may do at a time."""

from __future__ import annotations

from local.store.database import Database
from local.store.processes import is_local, process_alive

LEASE_SECONDS = 15.0


class Leases:
    """The table of leases, by name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, name: str, owner: str, now: float) -> bool:
        """Take or renew a lease; False where another living process holds it.

        As with executions, a process of this machine is asked itself whether it lives; one elsewhere (a container on
        the same home) is judged by when its lease ends.
        """
        with self._database.transaction() as connection:
            if self.held(name, now, other_than=owner):
                return False
            connection.execute("INSERT OR REPLACE INTO lease VALUES (?, ?, ?)", (name, owner, now + LEASE_SECONDS))
        return True

    def held(self, name: str, now: float, *, other_than: str = "") -> bool:
        """Say whether a living process holds the lease."""
        row = self._database.connection.execute("SELECT * FROM lease WHERE name = ?", (name,)).fetchone()
        if row is None or row["owner"] == other_than:
            return False
        return process_alive(row["owner"]) if is_local(row["owner"]) else bool(row["expires"] > now)

    def release(self, name: str, owner: str) -> None:
        """Give a lease back."""
        self._database.connection.execute("DELETE FROM lease WHERE name = ? AND owner = ?", (name, owner))
