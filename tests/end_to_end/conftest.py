"""One home with one finished execution, made once for all workers: the tests look at it as a user would."""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path

import pytest

from tests.support.command import Finished, call


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """A home of the worker's own, a copy of the one that the first of them has made."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "finished"
    shared.mkdir(exist_ok=True)
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = _made(shared)
    return Finished(shared / "home", result).copy(tmp_path_factory.mktemp("finished"))


def _made(folder: Path) -> dict[str, object]:
    printed = folder / "printed.json"
    if not printed.exists():
        done = call(folder / "home", "run", "breast_cancer", "--json")
        assert done.code == 0, done.err
        printed.write_text(done.out, encoding="utf-8")
    found: dict[str, object] = json.loads(printed.read_text(encoding="utf-8"))
    return found
