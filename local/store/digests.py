"""Digests of files, remembered as long as size and time of change stay the same."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from pathlib import Path

from local.store.database import Database

CHUNK = 1 << 20
# A file changed within this time may change again without its time stamp showing it (coarse clocks).
SETTLED_SECONDS = 0.1


class Digests:
    """SHA-256 and MD5 of files, computed in one reading and kept in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def sha256(self, path: Path) -> str:
        """Return the file's SHA-256 in hexadecimal."""
        return self._both(path)[0]

    def md5(self, path: Path) -> str:
        """Return the file's MD5 in hexadecimal (S3's ETag; not for security)."""
        return self._both(path)[1]

    @staticmethod
    def combine(named: Sequence[tuple[str, str]]) -> str:
        """Return one digest for several files, each given by its relative name and its own digest."""
        whole = hashlib.sha256()
        for name, digest in named:
            whole.update(f"{len(name.encode())}:{name}={digest}\n".encode())
        return whole.hexdigest()

    def _both(self, path: Path) -> tuple[str, str]:
        status = path.stat()
        row = self._database.connection.execute(
            "SELECT sha256, md5 FROM digest WHERE path = ? AND size = ? AND modified_ns = ?",
            (str(path), status.st_size, status.st_mtime_ns),
        ).fetchone()
        if row is not None:
            return row["sha256"], row["md5"]
        sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
        with path.open("rb") as handle:
            while chunk := handle.read(CHUNK):
                sha256.update(chunk)
                md5.update(chunk)
        if time.time() - status.st_mtime > SETTLED_SECONDS:
            self._database.connection.execute(
                "INSERT OR REPLACE INTO digest (path, size, modified_ns, sha256, md5) VALUES (?, ?, ?, ?, ?)",
                (str(path), status.st_size, status.st_mtime_ns, sha256.hexdigest(), md5.hexdigest()),
            )
        return sha256.hexdigest(), md5.hexdigest()
