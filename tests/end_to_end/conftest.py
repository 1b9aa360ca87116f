"""One home with one finished execution, made once a session: the tests look at it as a user would."""

from __future__ import annotations

import pytest

from tests.support.command import Finished, call


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    home = tmp_path_factory.mktemp("home")
    done = call(home, "run", "breast_cancer", "--json")
    assert done.code == 0, done.err
    return Finished(home, done.json)
