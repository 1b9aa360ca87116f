"""A home with a pool of workers for the session, and models in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from local.hosting.connection import Reply, Request
from local.hosting.containers import Container, containers
from local.hosting.pool import Pool
from local.registry import models
from local.store.home import Home
from local.store.store import Store
from tests.support.models import ROLE

BUCKET = "models"
Make = Callable[..., Container]


class Host:
    """Models by name, and workers that serve them."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(Home(folder / "home"))
        self.pool = Pool(self.store)
        self.log = folder / "models.log"

    def put(self, key: str, content: bytes) -> str:
        self.store.objects.put(BUCKET, key, content)
        return f"s3://{BUCKET}/{key}"

    def model(self, name: str, *definitions: dict[str, Any]) -> tuple[Container, ...]:
        request: dict[str, Any] = {"ModelName": name, "ExecutionRoleArn": ROLE}
        request |= {"PrimaryContainer": definitions[0]} if len(definitions) == 1 else {"Containers": list(definitions)}
        models.create(self.store, request, now=1.0)
        return containers(self.store, name)

    def ask(self, chain: tuple[Container, ...], body: bytes | str, content_type: str = "", accept: str = "") -> Reply:
        data = body.encode() if isinstance(body, str) else body
        return self.pool.invoke(chain, Request(data, content_type, accept), self.log)[1]


@pytest.fixture(scope="session")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    made = Host(tmp_path_factory.mktemp("host"))
    yield made
    made.pool.stop()
