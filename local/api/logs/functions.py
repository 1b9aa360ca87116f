"""Log streams of Lambda functions: one for each invocation, its file below the function's folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from local.functions import manifest
from local.store.store import Store

PREFIX = "/aws/lambda/"
_FILE = re.compile(r"(\d{4})-(\d\d)-(\d\d)-([0-9a-f]{32})\.log")


@dataclass(frozen=True)
class InvocationLog:
    """The log of one invocation: the stream's name, its file and when it was last written (seconds since 1970)."""

    name: str
    path: Path
    written: float


def groups(store: Store) -> list[str]:
    """Return the log groups of all functions."""
    return [function.log_group for function in manifest.functions(store)]


def logs(store: Store, group: str) -> Iterator[InvocationLog]:
    """Yield a group's streams, the oldest first."""
    folder = store.home.function(group.removeprefix(PREFIX)) / "logs"
    found = []
    for path in folder.glob("*.log"):
        match = _FILE.fullmatch(path.name)
        if match is not None:
            year, month, day, instance = match.groups()
            found.append(InvocationLog(f"{year}/{month}/{day}/[$LATEST]{instance}", path, path.stat().st_mtime))
    yield from sorted(found, key=lambda log: (log.written, log.name))
