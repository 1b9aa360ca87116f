"""A home with engines for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.pipelines import Lab


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab.at(tmp_path)
