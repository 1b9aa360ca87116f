"""Files, pipes and sockets that stay open in a process that runs tests: let go of as modules end, and counted at last.

A client of the laptop's AWS and its database hold on to each other: the database stays open until Python looks for
such circles, and it looks the more seldom the more a process holds.
"""

from __future__ import annotations

import gc
import re
import sys
import warnings
from collections import Counter
from pathlib import Path

MOST = 300
"""How many may be open when all tests of a process have ended: SQLite keeps a file's for connections to come."""
_MORE = 50
_FOLDER = Path("/proc/self/fd" if sys.platform == "linux" else "/dev/fd")
_kept = 0


def count() -> int:
    """Return how many are open."""
    return len(list(_FOLDER.iterdir()))


def kinds() -> str:
    """Return what is open, each kind with its number, as far as the system says."""
    found: Counter[str] = Counter()
    for each in _FOLDER.iterdir():
        try:
            target = each.readlink()
        except OSError:  # closed meanwhile, as the folder itself is
            continue
        found[re.sub(r"\d+", "N", target.name)] += 1
    return ", ".join(f"{number} {kind}" for kind, number in found.most_common(12))


def let_go() -> None:
    """End what serves tests' homes, and close what nobody can reach any more once that is much."""
    global _kept  # noqa: PLW0603 - of this process
    if child := sys.modules.get("local.api.http.child"):
        child.end_all()
    if recording := sys.modules.get("local.hosting.recording"):
        recording.end_recorders()
    if pool := sys.modules.get("local.hosting.pool"):
        pool.end_pools()
    if doors := sys.modules.get("local.jobs.door"):
        doors.end_doors()
    if count() > _kept + _MORE:
        _collect()
        _kept = count()


def check() -> None:
    """Fail where too many are open.

    Raises:
        AssertionError: with what is open.
    """
    _collect()
    assert count() <= MOST, f"{count()} files, pipes and sockets are open after the last test: {kinds()}"


def _collect() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # a circle is closed by nobody else
        gc.collect()
