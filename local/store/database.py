"""The state database: one SQLite file that several processes share, with a version and migrations."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from local.store.migrations import MIGRATIONS

BUSY_SECONDS = 30.0
_LOOK_SECONDS = 0.005


class StateError(Exception):
    """The state cannot be read or written; the message says what to do."""


class _Connection(sqlite3.Connection):
    """A connection that closes itself: threads end without saying so, and Python warns of what is left open."""

    def __del__(self) -> None:
        # One that could not be opened cannot be closed either.
        with suppress(sqlite3.ProgrammingError):
            self.close()


class Database:
    """Connections to one state file, one for each thread that asks; safe beside other processes on the same home."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            message = f"{path.parent} cannot be made: {error.strerror}. Choose another home with --home."
            raise StateError(message) from error
        self._migrate()

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection, in autocommit mode."""
        found: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if found is None:
            # One thread uses it; another may be the one that closes it.
            found = sqlite3.connect(
                self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, factory=_Connection
            )
            found.row_factory = sqlite3.Row
            _write_ahead(found)
            found.execute("PRAGMA synchronous = NORMAL")
            found.execute("PRAGMA foreign_keys = ON")
            self._local.connection = found
        return found

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Run the block as one write: all of it or nothing. Nested calls join the outer one."""
        connection = self.connection
        if connection.in_transaction:
            yield connection
            return
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

    def others_writes(self) -> int:
        """Return a number that is another one once any other connection, of whatever process, has written."""
        return int(self.connection.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """Close this thread's connection; the next use opens another."""
        found: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if found is not None:
            found.close()
            self._local.connection = None

    def damage(self) -> str | None:
        """Read the whole file; return a sentence on the first thing that is wrong with it, None where nothing is."""
        try:
            found = str(self.connection.execute("PRAGMA quick_check(1)").fetchone()[0])
        except sqlite3.DatabaseError as error:
            found = str(error)
        if found == "ok":
            return None
        return (
            f"{self.path} is damaged ({' '.join(found.split())}). Move it away to start afresh: objects and reports "
            "beside it stay."
        )

    def _migrate(self) -> None:
        try:
            version = self._version()
            if version > len(MIGRATIONS):
                message = (
                    f"{self.path} was written by a newer version of Sageline (schema {version}, this one knows "
                    f"{len(MIGRATIONS)}). Update Sageline, or choose another home with --home."
                )
                raise StateError(message)
            if version == len(MIGRATIONS):
                return
            with self.transaction() as connection:
                # Read again inside the transaction: another process may have migrated since.
                for number in range(self._version(), len(MIGRATIONS)):
                    for statement in _statements(MIGRATIONS[number]):
                        connection.execute(statement)
                    connection.execute(f"PRAGMA user_version = {number + 1}")
        except sqlite3.OperationalError as error:
            message = (
                f"{self.path} cannot be opened ({error}). Check that you may write there and that no other program "
                "holds it, or choose another home with --home."
            )
            raise StateError(message) from error
        except sqlite3.DatabaseError as error:
            message = (
                f"{self.path} is not a state file that can be read ({error}). Move it away to start afresh: objects "
                "and reports beside it stay."
            )
            raise StateError(message) from error

    def _version(self) -> int:
        return int(self.connection.execute("PRAGMA user_version").fetchone()[0])


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Turn the write-ahead log on. While others open the same new file, SQLite refuses at once instead of waiting."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            # The lower byte: the others say why it is busy.
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
        time.sleep(_LOOK_SECONDS)


def _statements(script: str) -> Iterator[str]:
    """Yield a script's statements one by one: executescript would commit the open transaction."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            if pending.strip():
                yield pending
            pending = ""
