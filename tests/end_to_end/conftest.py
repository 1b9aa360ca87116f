"""One home with one finished execution, made once for all workers: the tests look at it as a user would."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.command import Finished, call
from tests.support.shared import once


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """A home of the worker's own, a copy of the one that the first of them has made."""
    shared = once(tmp_path_factory, "finished", _run)
    made = Finished(shared / "home", json.loads((shared / "printed.json").read_text(encoding="utf-8")))
    return made.copy(tmp_path_factory.mktemp("finished"))


def _run(folder: Path) -> None:
    done = call(folder / "home", "run", "breast_cancer", "--json")
    assert done.code == 0, done.err
    (folder / "printed.json").write_text(done.out, encoding="utf-8")
