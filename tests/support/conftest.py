from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.moto.server import Server


@pytest.fixture(scope="session")
def moto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with nothing in it but what tests here make."""
    log = tmp_path_factory.mktemp("moto") / "server.log"
    with Server("111122223333", "eu-central-1", log) as server:
        yield server
