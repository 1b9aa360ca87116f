"""A store of its own for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.store.home import Home
from local.store.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(Home(tmp_path / "home"))
